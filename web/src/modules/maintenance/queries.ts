import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type {
  MaintenanceCalendar,
  MaintenancePreview,
  MaintenancePreviewInput,
  MaintenanceReport,
  MaintenanceWindow,
} from '@watchkeeper/contracts/maintenance';
import type { Static } from 'typebox';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';

export type Dated = Static<typeof MaintenanceCalendar>['data'][number];
export type Report = Static<typeof MaintenanceReport>;

/** An organization has no more. */
const windowsMax = 500;
/** Windows begin and end by the clock, without anybody writing anything. */
const pollMs = 30_000;
const reportRows = 20;

interface Listed<T> {
  data: T[];
  next_cursor: string | null;
}

export function windowsQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'maintenance', 'list'),
    queryFn: ({ signal }) =>
      answered<Listed<MaintenanceWindow>>(
        api.GET('/api/v1/{org}/maintenance', {
          params: { path: { org }, query: { limit: windowsMax } },
          signal,
        }),
      ),
    refetchInterval: pollMs,
  });
}

export function runningQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'maintenance', 'running'),
    queryFn: ({ signal }) =>
      answered<Listed<MaintenanceWindow>>(
        api.GET('/api/v1/{org}/maintenance', {
          params: { path: { org }, query: { status: 'running', limit: windowsMax } },
          signal,
        }),
      ),
    refetchInterval: pollMs,
  });
}

export function windowQuery(org: string, id: string) {
  return queryOptions({
    queryKey: keys.of(org, 'maintenance', 'one', id),
    queryFn: ({ signal }) =>
      answered<MaintenanceWindow>(
        api.GET('/api/v1/{org}/maintenance/{id}', { params: { path: { org, id } }, signal }),
      ),
    refetchInterval: pollMs,
  });
}

/** A window with its version, read once: newer data must not change the form during an edit. */
export function readForEdit(org: string, id: string) {
  return queryOptions({
    queryKey: keys.of(org, 'checkKinds', 'editWindow', id),
    queryFn: async ({ signal }) => {
      const call = api.GET('/api/v1/{org}/maintenance/{id}', { params: { path: { org, id } }, signal });
      const window = await answered<MaintenanceWindow>(call);
      return { window, etag: (await call).response.headers.get('etag') ?? '' };
    },
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

export function calendarQuery(org: string, from: number, to: number) {
  const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  return queryOptions({
    queryKey: keys.of(org, 'maintenance', 'calendar', span.from, span.to),
    queryFn: ({ signal }) =>
      answered<Static<typeof MaintenanceCalendar>>(
        api.GET('/api/v1/{org}/maintenance/calendar', { params: { path: { org }, query: span }, signal }),
      ),
    refetchInterval: pollMs,
  });
}

/** When a window that is not planned yet would take place. */
export function previewQuery(org: string, plan: MaintenancePreviewInput | undefined) {
  return queryOptions({
    queryKey: keys.of(org, 'maintenance', 'preview', JSON.stringify(plan ?? null)),
    queryFn: ({ signal }) =>
      answered<MaintenancePreview>(
        api.POST('/api/v1/{org}/maintenance/preview', {
          params: { path: { org } },
          // `enabled` keeps it from being asked without one.
          body: plan ?? { location: 'all', start_time: '', end_time: '' },
          signal,
        }),
      ),
    enabled: plan !== undefined,
    placeholderData: (before) => before,
  });
}

export function reportsQuery(org: string, id: string) {
  return infiniteQueryOptions({
    queryKey: keys.of(org, 'maintenance', 'reports', id),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answered<Listed<Report>>(
        api.GET('/api/v1/{org}/maintenance/{id}/reports', {
          params: {
            path: { org, id },
            query: { limit: reportRows, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}
