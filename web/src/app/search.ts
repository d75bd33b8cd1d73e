import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { SearchAnswer, SearchHit } from '@watchkeeper/contracts/search';
import { api } from '../api/client';
import { keys } from '../api/keys';
import { answered } from '../api/problem';
import { paths } from '../paths';

/** Results become stale with the next rename, so a reopened search asks again. */
const staleMs = 10_000;
/** Each letter typed is an answer of its own; they need not outlive the search. */
const keptMs = 30_000;

export function searchQuery(org: string, text: string) {
  return queryOptions({
    queryKey: keys.of(org, 'search', text),
    queryFn: ({ signal }) =>
      answered<SearchAnswer>(
        api.GET('/api/v1/{org}/search', { params: { path: { org }, query: { q: text } }, signal }),
      ),
    enabled: text !== '',
    staleTime: staleMs,
    gcTime: keptMs,
    placeholderData: keepPreviousData,
  });
}

/** Where a hit is looked at. */
export function pathOf(org: string, hit: SearchHit): string {
  switch (hit.kind) {
    case 'site':
      return paths.site({ org, site: hit.slug ?? hit.id });
    case 'area':
      return paths.site({ org, site: hit.site?.slug ?? '' });
    case 'device':
      return paths.device({ org, device: hit.slug ?? hit.id });
    case 'alert':
      return paths.alert({ org, alert: hit.id });
    case 'incident':
      // Its alerts are at its site; a page of its own it does not have yet.
      return hit.site === null ? paths.alerts({ org }) : paths.alerts({ org, site: hit.site.slug });
    case 'rule':
      return `${paths.rules({ org })}/${hit.id}`;
    case 'channel':
      return `${paths.channels({ org })}/${hit.id}`;
    case 'check':
      return paths.check({ org, check: hit.slug ?? hit.id });
    case 'source':
      return paths.source({ org, source: hit.slug ?? hit.id });
    case 'maintenance':
      return paths.maintenanceWindow({ org, window: hit.slug ?? hit.id });
    case 'member':
      return paths.settingsSection({ org, section: 'members' });
  }
}
