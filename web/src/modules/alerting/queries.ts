import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Alert, AlertWithTimeline } from '@watchkeeper/contracts/alerting';
import type { Notification } from '@watchkeeper/contracts/notifications';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';

export const alertShows = ['active', 'acknowledged', 'resolved'] as const;
export type AlertShow = (typeof alertShows)[number];

export interface AlertFilter {
  show: AlertShow;
  site: string | undefined;
  device?: string;
}

export interface AlertPageData {
  data: Alert[];
  next_cursor: string | null;
}

const pageSize = 50;
const ledgerSize = 200;

export function alertsQuery(org: string, filter: AlertFilter) {
  const { show, site, device } = filter;
  return infiniteQueryOptions({
    queryKey: keys.of(org, 'alerts', { show, site, device }),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answered<AlertPageData>(
        api.GET('/api/v1/{org}/alerts', {
          params: {
            path: { org },
            query: {
              status: show,
              limit: pageSize,
              ...(site === undefined ? {} : { site }),
              ...(device === undefined ? {} : { device }),
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
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
