import { useQuery } from '@tanstack/react-query';
import { siteQuery } from '../../api/queries/inventory';
import { useOrg } from '../../app/session';
import { useChosenZone } from '../../lib/preferences';
import { localTimeZone } from '../../lib/time-zones';

export interface Zones {
  /** The one to speak in. */
  timeZone: string;
  mine: string;
  /** undefined while it is being read. */
  site: string | undefined;
}

/** My time or the site's, as this browser prefers. */
export function useZone(siteSlug: string): Zones {
  const { org } = useOrg();
  const site = useQuery(siteQuery(org, siteSlug)).data?.timezone;
  return { timeZone: useChosenZone(site), mine: localTimeZone(), site };
}
