import { queryOptions } from '@tanstack/react-query';
import type { DeviceState, HistoryPoint, HistoryResolution } from '@watchkeeper/contracts/telemetry';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';

/** One page of states is all a screen shows; beyond it the counts speak. */
export const statesMax = 500;
/** A heartbeat that changes nothing is not announced, so its time is asked for. */
const pollMs = 10_000;
/** Somebody is looking at this one device. */
const devicePollMs = 5_000;

export interface StatesData {
  data: DeviceState[];
  next_cursor: string | null;
}

export function statesQuery(org: string, filter: { site?: string } = {}) {
  return queryOptions({
    queryKey: keys.of(org, 'states', { site: filter.site }),
    queryFn: ({ signal }) =>
      answered<StatesData>(
        api.GET('/api/v1/{org}/states', {
          params: { path: { org }, query: { limit: statesMax, ...filter } },
          signal,
        }),
      ),
    refetchInterval: pollMs,
  });
}

export function stateQuery(org: string, device: string) {
  return queryOptions({
    queryKey: keys.of(org, 'states', 'one', device),
    queryFn: ({ signal }) =>
      answered<DeviceState>(
        api.GET('/api/v1/{org}/devices/{device}/state', { params: { path: { org, device } }, signal }),
      ),
    refetchInterval: devicePollMs,
  });
}

export interface HistoryData {
  from: string;
  to: string;
  resolution: HistoryResolution;
  data: HistoryPoint[];
}
