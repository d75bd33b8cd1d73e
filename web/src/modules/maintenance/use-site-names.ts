import { useQuery } from '@tanstack/react-query';
import type { Site } from '@watchkeeper/contracts/inventory';
import { useMemo } from 'react';
import { sitesQuery } from '../../api/queries/inventory';
import { useOrg } from '../../app/session';

export interface SiteNames {
  list: readonly Site[];
  site: (slug: string) => string;
  zone: (slug: string) => string | undefined;
}

/** Sites with their clocks; until they are read, slugs stand for names. */
export function useSiteNames(): SiteNames {
  const { org } = useOrg();
  const list = useQuery(sitesQuery(org)).data?.data;
  return useMemo(() => {
    const find = (slug: string) => list?.find((site) => site.slug === slug);
    return {
      list: list ?? [],
      site: (slug) => find(slug)?.name ?? slug,
      zone: (slug) => find(slug)?.timezone,
    };
  }, [list]);
}
