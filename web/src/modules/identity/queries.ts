import { queryOptions } from '@tanstack/react-query';
import type { Member } from '@watchkeeper/contracts/identity';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';

const membersMax = 500;

export function membersQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'members'),
    queryFn: ({ signal }) =>
      answered<{ data: Member[] }>(
        api.GET('/api/v1/orgs/{org}/members', {
          params: { path: { org }, query: { limit: membersMax } },
          signal,
        }),
      ),
  });
}
