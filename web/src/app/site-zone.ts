import { useQuery } from '@tanstack/react-query';
import type { Overview } from '@watchkeeper/contracts/alerting';
import { overviewQuery } from '../api/queries/overview';
import { useOrg } from './session';

function zonesOf({ sites }: Overview): ReadonlyMap<string, string> {
  return new Map(sites.map((site) => [site.id, site.timezone]));
}

/** The zone of a site by its id, from what every page has read anyway; undefined until then. */
export function useSiteZone(siteId: string | undefined): string | undefined {
  const { org } = useOrg();
  const { data } = useQuery({ ...overviewQuery(org), select: zonesOf });
  return siteId === undefined ? undefined : data?.get(siteId);
}
