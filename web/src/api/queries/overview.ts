import { queryOptions } from '@tanstack/react-query';
import type { Overview } from '@watchkeeper/contracts/alerting';
import { api } from '../client';
import { keys } from '../keys';
import { answered } from '../problem';

/** The stream brings changes at once; this brings the newest heartbeat times and heals what it may miss. */
const pollMs = 15_000;

export function overviewQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'overview'),
    queryFn: ({ signal }) =>
      answered<Overview>(api.GET('/api/v1/{org}/overview', { params: { path: { org } }, signal })),
    refetchInterval: pollMs,
  });
}
