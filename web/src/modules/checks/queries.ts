import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { CheckUptime } from '@watchkeeper/contracts/check-uptime';
import type { Check, CheckKinds, CheckResult } from '@watchkeeper/contracts/checks';
import type { ReceivedPing } from '@watchkeeper/contracts/pings';
import type { Static } from 'typebox';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';

export type CheckKind = Static<typeof CheckKinds>['data'][number];

const pageSize = 500;
/** A result that changes nothing is not announced, so its time is asked for. */
const listPollMs = 15_000;
/** Somebody is looking at this one check. */
const onePollMs = 5_000;
const resultPollMs = 15_000;
const kindsStaleMs = 10 * 60_000;
const resultRows = 20;
/** As many runs as bars and times are drawn of. */
export const drawnResultsMax = 500;
const pingRows = 20;
/** Shares of days and months move slowly. */
const uptimeStaleMs = 60_000;

interface Listed<T> {
  data: T[];
  next_cursor: string | null;
}

/** The checks of one device. */
export function deviceChecksQuery(org: string, device: string) {
  return queryOptions({
    queryKey: keys.of(org, 'checks', 'device', device),
    queryFn: ({ signal }) =>
      answered<Listed<Check>>(
        api.GET('/api/v1/{org}/checks', {
          params: { path: { org }, query: { device, limit: pageSize } },
          signal,
        }),
      ),
    refetchInterval: listPollMs,
  });
}

export function checkQuery(org: string, check: string) {
  return queryOptions({
    queryKey: keys.of(org, 'checks', 'one', check),
    queryFn: ({ signal }) =>
      answered<Check>(api.GET('/api/v1/{org}/checks/{check}', { params: { path: { org, check } }, signal })),
    refetchInterval: onePollMs,
  });
}

export function checkKindsQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'checkKinds'),
    queryFn: ({ signal }) =>
      answered<{ data: CheckKind[] }>(
        api.GET('/api/v1/{org}/check-kinds', { params: { path: { org } }, signal }),
      ),
    staleTime: kindsStaleMs,
  });
}

/** The latest runs, newest first, for pictures. */
export function drawnResultsQuery(org: string, check: string) {
  return queryOptions({
    queryKey: keys.of(org, 'checkResults', check, 'drawn'),
    queryFn: ({ signal }) =>
      answered<Listed<CheckResult>>(
        api.GET('/api/v1/{org}/checks/{check}/results', {
          params: { path: { org, check }, query: { limit: drawnResultsMax } },
          signal,
        }),
      ),
    refetchInterval: resultPollMs,
  });
}

export function uptimeQuery(org: string, check: string) {
  return queryOptions({
    queryKey: keys.of(org, 'checkResults', check, 'uptime'),
    queryFn: ({ signal }) =>
      answered<CheckUptime>(
        api.GET('/api/v1/{org}/checks/{check}/uptime', { params: { path: { org, check } }, signal }),
      ),
    staleTime: uptimeStaleMs,
    refetchInterval: uptimeStaleMs,
  });
}

export type ResultFilter = 'all' | 'failed';

export function resultsQuery(org: string, check: string, show: ResultFilter) {
  return infiniteQueryOptions({
    queryKey: keys.of(org, 'checkResults', check, 'rows', show),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answered<Listed<CheckResult>>(
        api.GET('/api/v1/{org}/checks/{check}/results', {
          params: {
            path: { org, check },
            query: {
              limit: resultRows,
              ...(show === 'failed' ? { outcome: 'failed' } : {}),
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    // Older pages stay as they are, so only the first one alone is kept fresh.
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 1) > 1 ? false : resultPollMs),
  });
}

export function pingsQuery(org: string, check: string) {
  return infiniteQueryOptions({
    queryKey: keys.of(org, 'pings', check),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answered<Listed<ReceivedPing>>(
        api.GET('/api/v1/{org}/checks/{check}/pings', {
          params: {
            path: { org, check },
            query: { limit: pingRows, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 1) > 1 ? false : resultPollMs),
  });
}
