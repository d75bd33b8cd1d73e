import { queryOptions } from '@tanstack/react-query';
import type { ApiKey } from '@watchkeeper/contracts/identity';
import { api } from '../../../api/client';
import { keys } from '../../../api/keys';
import { answered } from '../../../api/problem';

const listMax = 500;

export function apiKeysQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'apiKeys'),
    queryFn: ({ signal }) =>
      answered<{ data: ApiKey[] }>(
        api.GET('/api/v1/{org}/api-keys', {
          params: { path: { org }, query: { limit: listMax } },
          signal,
        }),
      ),
  });
}
