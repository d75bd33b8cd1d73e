import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { sitesQuery } from '../../api/queries/inventory';
import { useOrg } from '../../app/session';
import { type CheckKind, checkKindsQuery } from './queries';

export interface CheckNames {
  site: (slug: string) => string;
  kind: (kind: string) => string;
  kinds: readonly CheckKind[];
}

/** Names of the things that checks refer to; until they are loaded, the stored reference is shown. */
export function useCheckNames(): CheckNames {
  const { org } = useOrg();
  const sites = useQuery(sitesQuery(org)).data?.data;
  const kinds = useQuery(checkKindsQuery(org)).data?.data;
  return useMemo(
    () => ({
      site: (slug) => sites?.find((site) => site.slug === slug)?.name ?? slug,
      kind: (kind) => kinds?.find((each) => each.kind === kind)?.label ?? kind,
      kinds: kinds ?? [],
    }),
    [sites, kinds],
  );
}
