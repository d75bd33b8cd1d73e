import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  Dashboard,
  MonitoringChange,
  MonitoringConfig,
  SystemHealth,
} from '@watchkeeper/contracts/operations';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';

/** Measurements come once a minute; a look in between shows what the services say now. */
const pollMs = 15_000;

export function dashboardQuery(org: string, hours: number) {
  return queryOptions({
    queryKey: keys.of(org, 'operations', 'dashboard', hours),
    queryFn: ({ signal }) =>
      answered<Dashboard>(
        api.GET('/api/operations/dashboard', { params: { query: { org, hours } }, signal }),
      ),
    refetchInterval: pollMs,
    // Another range keeps the page where it is until it has arrived.
    placeholderData: keepPreviousData,
  });
}

export function serviceQuery(org: string, service: string, hours: number) {
  return queryOptions({
    queryKey: keys.of(org, 'operations', 'service', service, hours),
    queryFn: ({ signal }) =>
      answered<SystemHealth>(
        api.GET('/api/operations/system/health/{service}', {
          params: { path: { service }, query: { org, hours } },
          signal,
        }),
      ),
  });
}

export async function saveSettings(org: string, change: MonitoringChange): Promise<MonitoringConfig> {
  return await answered<MonitoringConfig>(
    api.PUT('/api/operations/config', { params: { query: { org } }, body: change }),
  );
}
