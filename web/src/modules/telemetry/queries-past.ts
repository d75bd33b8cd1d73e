import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { StoredHeartbeat, Timeline } from '@watchkeeper/contracts/telemetry';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';
import type { HistoryData } from './queries';
import { type Range, resolutionFor } from './range';

const pollMs = 30_000;
/** Six hours of a heartbeat every five seconds, with room. */
const pointsMax = 10_000;
const heartbeatsPageSize = 50;

const windowOf = ({ hours, until }: Range) => ({ hours, ...(until === undefined ? {} : { until }) });
/** A window in the past does not change any more. */
const pollOf = ({ until }: Range) => (until === undefined ? pollMs : false);

export function pastQuery(org: string, device: string, range: Range) {
  const resolution = resolutionFor(range.hours);
  return queryOptions({
    queryKey: keys.of(org, 'history', device, range.hours, range.until ?? ''),
    queryFn: ({ signal }) =>
      answered<HistoryData>(
        api.GET('/heartbeat/{device_id}/history', {
          params: {
            path: { device_id: device },
            query: {
              ...windowOf(range),
              limit: pointsMax,
              tenant_id: org,
              ...(resolution === undefined ? {} : { resolution }),
            },
          },
          signal,
        }),
      ),
    refetchInterval: pollOf(range),
  });
}

export function timelineQuery(org: string, device: string, range: Range) {
  return queryOptions({
    queryKey: keys.of(org, 'states', 'timeline', device, range.hours, range.until ?? ''),
    queryFn: ({ signal }) =>
      answered<Timeline>(
        api.GET('/api/v1/{org}/devices/{device}/timeline', {
          params: { path: { org, device }, query: windowOf(range) },
          signal,
        }),
      ),
    refetchInterval: pollOf(range),
  });
}

export function heartbeatsQuery(org: string, device: string) {
  return infiniteQueryOptions({
    queryKey: keys.of(org, 'history', device, 'heartbeats'),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answered<{ data: StoredHeartbeat[]; next_cursor: string | null }>(
        api.GET('/api/v1/{org}/devices/{device}/heartbeats', {
          params: {
            path: { org, device },
            query: { limit: heartbeatsPageSize, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    // Older pages stay as they are, so only the first one alone is kept fresh.
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 1) > 1 ? false : pollMs),
  });
}
