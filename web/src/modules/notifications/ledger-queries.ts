import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import type { Notification } from '@watchkeeper/contracts/notifications';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';
import { serverNow } from '../../lib/clock';
import { type LedgerFilter, sinceOf } from './ledger-filter';

const pageSize = 100;

interface LedgerPageData {
  data: Notification[];
  next_cursor: string | null;
}

/** The ledger of the organization, newest first. */
export function ledgerPagesQuery(org: string, filter: LedgerFilter) {
  const { status, channel, alert, since } = filter;
  const asked = {
    ...(status === undefined ? {} : { status }),
    ...(channel === undefined ? {} : { channel }),
    ...(alert === undefined ? {} : { alert }),
  };
  return infiniteQueryOptions({
    queryKey: keys.of(org, 'notifications', 'pages', { ...asked, since }),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const from = sinceOf(since, serverNow());
      return answered<LedgerPageData>(
        api.GET('/api/v1/{org}/notifications', {
          params: {
            path: { org },
            query: {
              ...asked,
              limit: pageSize,
              ...(from === undefined ? {} : { since: from }),
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      );
    },
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}
