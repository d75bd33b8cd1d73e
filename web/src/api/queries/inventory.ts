import { queryOptions } from '@tanstack/react-query';
import type { Area, Device, DeviceType, Site } from '@watchkeeper/contracts/inventory';
import { api } from '../client';
import { keys } from '../keys';
import { answered } from '../problem';

const listMax = 500;
/** Opening and closing change what a site page says without anybody writing anything. */
const siteRefreshMs = 60_000;

interface List<T> {
  data: T[];
  next_cursor: string | null;
}

export function sitesQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'sites'),
    queryFn: ({ signal }) =>
      answered<List<Site>>(
        api.GET('/api/v1/{org}/sites', { params: { path: { org }, query: { limit: listMax } }, signal }),
      ),
    refetchInterval: siteRefreshMs,
  });
}

export function siteQuery(org: string, site: string) {
  return queryOptions({
    queryKey: keys.of(org, 'sites', site),
    queryFn: ({ signal }) =>
      answered<Site>(api.GET('/api/v1/{org}/sites/{site}', { params: { path: { org, site } }, signal })),
    refetchInterval: siteRefreshMs,
  });
}

export function areasQuery(org: string, site: string) {
  return queryOptions({
    queryKey: keys.of(org, 'areas', site),
    queryFn: ({ signal }) =>
      answered<List<Area>>(
        api.GET('/api/v1/{org}/sites/{site}/areas', {
          params: { path: { org, site }, query: { limit: listMax } },
          signal,
        }),
      ),
  });
}

export function deviceQuery(org: string, device: string) {
  return queryOptions({
    queryKey: keys.of(org, 'devices', device),
    queryFn: ({ signal }) =>
      answered<Device>(
        api.GET('/api/v1/{org}/devices/{device}', { params: { path: { org, device } }, signal }),
      ),
  });
}

const searchMax = 20;

/** Devices by a part of their name or slug; without one, the first by slug. */
export function deviceSearchQuery(org: string, text: string) {
  return queryOptions({
    queryKey: keys.of(org, 'devices', 'search', text),
    queryFn: ({ signal }) =>
      answered<List<Device>>(
        api.GET('/api/v1/{org}/devices', {
          params: { path: { org }, query: { limit: searchMax, ...(text === '' ? {} : { q: text }) } },
          signal,
        }),
      ),
  });
}

export function deviceTypesQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'deviceTypes'),
    queryFn: ({ signal }) =>
      answered<List<DeviceType>>(
        api.GET('/api/v1/{org}/device-types', {
          params: { path: { org }, query: { limit: listMax } },
          signal,
        }),
      ),
  });
}
