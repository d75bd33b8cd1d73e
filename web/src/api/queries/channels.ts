import { queryOptions } from '@tanstack/react-query';
import type { ChannelKindDescription, ListedChannel } from '@watchkeeper/contracts/notifications';
import { api } from '../client';
import { keys } from '../keys';
import { answered } from '../problem';

const listMax = 500;
const kindsStaleMs = 10 * 60_000;

export interface ChannelList {
  data: ListedChannel[];
  next_cursor: string | null;
}

export function channelsQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'channels', 'list'),
    queryFn: ({ signal }) =>
      answered<ChannelList>(
        api.GET('/api/v1/{org}/channels', { params: { path: { org }, query: { limit: listMax } }, signal }),
      ),
  });
}

export function channelQuery(org: string, id: string) {
  return queryOptions({
    queryKey: keys.of(org, 'channels', 'one', id),
    queryFn: ({ signal }) =>
      answered<ListedChannel>(
        api.GET('/api/v1/{org}/channels/{id}', { params: { path: { org, id } }, signal }),
      ),
  });
}

export function channelKindsQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'channelKinds'),
    queryFn: ({ signal }) =>
      answered<{ data: ChannelKindDescription[] }>(
        api.GET('/api/v1/{org}/channel-kinds', { params: { path: { org } }, signal }),
      ),
    staleTime: kindsStaleMs,
  });
}
