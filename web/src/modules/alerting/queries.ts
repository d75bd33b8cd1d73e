import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Alert, AlertSignal, AlertWithTimeline, SavedView } from '@watchkeeper/contracts/alerting';
import type { Notification } from '@watchkeeper/contracts/notifications';
import type { Rule } from '@watchkeeper/contracts/rules';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';
import type { AlertFilter } from './inbox-filter';

export interface AlertPageData {
  data: Alert[];
  next_cursor: string | null;
}

const pageSize = 50;
const ledgerSize = 200;
const rulesMax = 500;
const deviceAlertsMax = 6;
const signalPollMs = 15_000;
const typesStaleMs = 60_000;

export function alertsQuery(org: string, filter: AlertFilter) {
  const { show, site, severity, type, q, device, check } = filter;
  const asked = Object.fromEntries(
    Object.entries({ site, severity, type, q, device, check }).filter(([, value]) => value !== undefined),
  );
  return infiniteQueryOptions({
    queryKey: keys.of(org, 'alerts', { show, ...asked }),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answered<AlertPageData>(
        api.GET('/api/v1/{org}/alerts', {
          params: {
            path: { org },
            query: {
              status: show,
              // Resolved alerts need nobody, so the newest come first.
              order: show === 'resolved' ? 'newest' : 'weight',
              limit: pageSize,
              ...asked,
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** Types of alerts with the names of the rules that give them. */
export function alertTypesQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'rules', 'types'),
    queryFn: async ({ signal }) => {
      const { data } = await answered<{ data: Rule[] }>(
        api.GET('/api/v1/{org}/rules', { params: { path: { org }, query: { limit: rulesMax } }, signal }),
      );
      const names = new Map(data.map((rule) => [rule.type, rule.name]));
      return [...names].map(([value, label]) => ({ value, label })).toSorted(byLabel);
    },
    staleTime: typesStaleMs,
  });
}

function byLabel(a: { label: string }, b: { label: string }): number {
  return a.label.localeCompare(b.label);
}

export function viewsQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'views'),
    queryFn: ({ signal }) =>
      answered<{ data: SavedView[] }>(api.GET('/api/v1/{org}/views', { params: { path: { org } }, signal })),
    staleTime: typesStaleMs,
  });
}

export function alertQuery(org: string, id: string) {
  return queryOptions({
    queryKey: keys.of(org, 'alert', id),
    queryFn: ({ signal }) =>
      answered<AlertWithTimeline>(
        api.GET('/api/v1/{org}/alerts/{id}', { params: { path: { org, id } }, signal }),
      ),
  });
}

/** Who was told of one alert and who was not, newest first. */
export function ledgerQuery(org: string, alert: string) {
  return queryOptions({
    queryKey: keys.of(org, 'notifications', alert),
    queryFn: ({ signal }) =>
      answered<{ data: Notification[] }>(
        api.GET('/api/v1/{org}/notifications', {
          params: { path: { org }, query: { alert, limit: ledgerSize } },
          signal,
        }),
      ),
  });
}

/** A device's latest alerts, whatever became of them. */
export function deviceAlertsQuery(org: string, device: string) {
  return queryOptions({
    // Not below 'alerts': what lies there are the pages of lists, which an act changes in place.
    queryKey: keys.of(org, 'alert', 'device', device),
    queryFn: ({ signal }) =>
      answered<{ data: Alert[] }>(
        api.GET('/api/v1/{org}/alerts', {
          params: { path: { org }, query: { device, limit: deviceAlertsMax } },
          signal,
        }),
      ),
  });
}

/** The values that the rule judged. A resolved alert does not change any more; an open one is read again. */
export function alertSignalQuery(org: string, id: string, open: boolean) {
  return queryOptions({
    queryKey: keys.of(org, 'alert', id, 'signal'),
    queryFn: ({ signal }) =>
      answered<AlertSignal>(
        api.GET('/api/v1/{org}/alerts/{id}/signal', { params: { path: { org, id } }, signal }),
      ),
    ...(open ? { refetchInterval: signalPollMs } : {}),
  });
}
