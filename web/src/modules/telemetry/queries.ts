import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
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

/** A floor of a thousand devices and one more page; beyond it the list of devices serves. */
const floorPagesMax = 3;
export const floorDevicesMax = floorPagesMax * statesMax;

/** All devices of one site, some pages at once. */
export function floorQuery(org: string, site: string) {
  return queryOptions({
    queryKey: keys.of(org, 'states', 'floor', site),
    queryFn: async ({ signal }) => {
      const data: DeviceState[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < floorPagesMax; page += 1) {
        const next: StatesData = await readStates(org, { site, cursor }, signal);
        data.push(...next.data);
        cursor = next.next_cursor;
        if (cursor === null) break;
      }
      return { data, next_cursor: cursor };
    },
    refetchInterval: pollMs,
  });
}

interface StatesFilter {
  q?: string | undefined;
  status?: string | undefined;
  site?: string | undefined;
  retired?: string | undefined;
  cursor: string | null;
}

function readStates(org: string, filter: StatesFilter, signal: AbortSignal): Promise<StatesData> {
  const { q, status, site, retired, cursor } = filter;
  return answered<StatesData>(
    api.GET('/api/v1/{org}/states', {
      params: {
        path: { org },
        query: {
          limit: statesMax,
          ...(q === undefined ? {} : { q }),
          ...(status === undefined ? {} : { status }),
          ...(site === undefined ? {} : { site }),
          ...(retired === 'only' ? { retired } : {}),
          ...(cursor === null ? {} : { cursor }),
        },
      },
      signal,
    }),
  );
}

/** As many as a list of suggestions can show. */
const picksMax = 100;

/** Devices to choose from by part of their name. */
export function devicePicksQuery(org: string, text: string, site?: string) {
  // What was chosen stands as "Name (slug)"; the slug alone finds it again.
  const q = /\(([^()]+)\)$/.exec(text.trim())?.[1] ?? text.trim();
  return queryOptions({
    queryKey: keys.of(org, 'devices', 'picks', q, site ?? ''),
    queryFn: async ({ signal }) => {
      const { data } = await answered<StatesData>(
        api.GET('/api/v1/{org}/states', {
          params: {
            path: { org },
            query: { limit: picksMax, ...(q === '' ? {} : { q }), ...(site === undefined ? {} : { site }) },
          },
          signal,
        }),
      );
      return data.map((device) => ({
        id: device.device_id,
        label: `${device.name} (${device.device_id})`,
      }));
    },
    placeholderData: (before) => before,
  });
}

/** The most devices the list reads; then it asks for a search instead. */
const listPagesMax = 40;
export const deviceListMax = listPagesMax * statesMax;

/** Devices by slug, read page by page as one scrolls. */
export function deviceListQuery(org: string, filter: Omit<StatesFilter, 'cursor'>) {
  const { q, status, site, retired } = filter;
  return infiniteQueryOptions({
    queryKey: keys.of(org, 'states', 'list', { q, status, site, retired }),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => readStates(org, { ...filter, cursor: pageParam }, signal),
    getNextPageParam: (last, pages) =>
      pages.length < listPagesMax ? (last.next_cursor ?? undefined) : undefined,
    // Many pages are not read again every few seconds; the stream names what changed.
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 1) > 1 ? false : pollMs),
  });
}
