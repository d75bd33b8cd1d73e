import { queryOptions } from '@tanstack/react-query';
import type { Check } from '@watchkeeper/contracts/checks';
import type { Source, SourceKinds, SourceObject } from '@watchkeeper/contracts/sources';
import type { Static } from 'typebox';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';

export type SourceKind = Static<typeof SourceKinds>['data'][number];

/** More than an organization may have. */
const sourceListMax = 500;
const pageSize = 500;
/** Objects are put in order by what there is to do with them, so they are read whole, up to here. */
const objectPagesMax = 4;
export const objectListMax = objectPagesMax * pageSize;
const checkPagesMax = 4;
/** A reading that changes nothing is not announced, so its time is asked for. */
const pollMs = 10_000;
const objectPollMs = 20_000;
const kindsStaleMs = 10 * 60_000;

export interface Listed<T> {
  data: T[];
  next_cursor: string | null;
}

export function sourcesQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'sources', 'list'),
    queryFn: ({ signal }) =>
      answered<Listed<Source>>(
        api.GET('/api/v1/{org}/sources', {
          params: { path: { org }, query: { limit: sourceListMax } },
          signal,
        }),
      ),
    refetchInterval: pollMs,
  });
}

export function sourceQuery(org: string, source: string) {
  return queryOptions({
    queryKey: keys.of(org, 'sources', 'one', source),
    queryFn: ({ signal }) =>
      answered<Source>(
        api.GET('/api/v1/{org}/sources/{source}', { params: { path: { org, source } }, signal }),
      ),
    refetchInterval: pollMs,
  });
}

/** A source with its version, read once: no reading that comes in meanwhile may change what is being edited. */
export function sourceForEdit(org: string, source: string) {
  return queryOptions({
    queryKey: keys.of(org, 'sourceKinds', 'edit', source),
    queryFn: async ({ signal }) => {
      const call = api.GET('/api/v1/{org}/sources/{source}', { params: { path: { org, source } }, signal });
      const read = await answered<Source>(call);
      return { source: read, etag: (await call).response.headers.get('etag') ?? '' };
    },
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

export function sourceKindsQuery(org: string) {
  return queryOptions({
    queryKey: keys.of(org, 'sourceKinds'),
    queryFn: ({ signal }) =>
      answered<{ data: SourceKind[] }>(
        api.GET('/api/v1/{org}/source-kinds', { params: { path: { org } }, signal }),
      ),
    staleTime: kindsStaleMs,
  });
}

export function objectsQuery(org: string, source: string, q: string | undefined) {
  return queryOptions({
    queryKey: keys.of(org, 'sources', 'objects', source, q ?? ''),
    queryFn: ({ signal }) =>
      readPages<SourceObject>(objectPagesMax, (page) =>
        answered<Listed<SourceObject>>(
          api.GET('/api/v1/{org}/sources/{source}/objects', {
            params: { path: { org, source }, query: { ...page, ...(q === undefined ? {} : { q }) } },
            signal,
          }),
        ),
      ),
    refetchInterval: objectPollMs,
  });
}

/** The checks that judge devices by what a source says, also by objects that it no longer lists. */
export function checksOfSourceQuery(org: string, source: Source) {
  return queryOptions({
    queryKey: keys.of(org, 'checks', 'source', source.slug),
    queryFn: async ({ signal }) => {
      const { data } = await readPages<Check>(checkPagesMax, (page) =>
        answered<Listed<Check>>(
          api.GET('/api/v1/{org}/checks', {
            params: { path: { org }, query: { kind: source.kind, ...page } },
            signal,
          }),
        ),
      );
      return data.filter((check) => check.config.source === source.slug);
    },
  });
}

async function readPages<T>(
  pagesMax: number,
  read: (page: { limit: number; cursor?: string }) => Promise<Listed<T>>,
): Promise<Listed<T>> {
  const data: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const next: Listed<T> = await read({ limit: pageSize, ...(cursor === null ? {} : { cursor }) });
    data.push(...next.data);
    cursor = next.next_cursor;
    if (cursor === null) break;
  }
  return { data, next_cursor: cursor };
}
