import { queryOptions } from '@tanstack/react-query';
import type { Check } from '@watchkeeper/contracts/checks';
import { api } from '../client';
import { keys } from '../keys';
import { answered } from '../problem';

const pageSize = 500;
/** The list is grouped, so it is read whole, up to here; then a search narrows it. */
const listPagesMax = 4;
export const checkListMax = listPagesMax * pageSize;
/** A result that changes nothing is not announced, so its time is asked for. */
const listPollMs = 15_000;

interface Listed<T> {
  data: T[];
  next_cursor: string | null;
}

export interface CheckFilter {
  q?: string | undefined;
  status?: string | undefined;
  kind?: string | undefined;
  site?: string | undefined;
}

/** Checks by slug, as many as a page can group. */
export function checksQuery(org: string, filter: CheckFilter) {
  const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
  return queryOptions({
    queryKey: keys.of(org, 'checks', 'list', asked),
    queryFn: async ({ signal }) => {
      const data: Check[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < listPagesMax; page += 1) {
        const query = { ...asked, limit: pageSize, ...(cursor === null ? {} : { cursor }) };
        const next: Listed<Check> = await answered<Listed<Check>>(
          api.GET('/api/v1/{org}/checks', { params: { path: { org }, query }, signal }),
        );
        data.push(...next.data);
        cursor = next.next_cursor;
        if (cursor === null) break;
      }
      return { data, next_cursor: cursor };
    },
    refetchInterval: listPollMs,
  });
}
