import { infiniteQueryOptions } from '@tanstack/react-query';
import type { AuditEntry } from '@watchkeeper/contracts/identity';
import { api } from '../../../api/client';
import { keys } from '../../../api/keys';
import { answered } from '../../../api/problem';
import { outer } from '../../../base';
import { type Filters, toQuery } from './filters';

const pageSize = 50;

interface AuditPage {
  data: AuditEntry[];
  next_cursor: string | null;
}

export function auditQuery(org: string, filters: Filters) {
  return infiniteQueryOptions({
    queryKey: keys.of(org, 'audit', { ...filters }),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      answered<AuditPage>(
        api.GET('/api/v1/{org}/audit', {
          params: {
            path: { org },
            query: {
              ...toQuery(filters),
              limit: pageSize,
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** The browser fetches it as a download, cookie and all: it never lies in this page's memory. */
export function auditExportUrl(org: string, filters: Filters, format: 'csv' | 'json'): string {
  const query = new URLSearchParams({ format, ...toQuery(filters) });
  return outer(`/api/v1/${encodeURIComponent(org)}/audit/export?${query.toString()}`);
}
