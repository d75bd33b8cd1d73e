import { listLimitDefault } from '@watchkeeper/contracts';
import { decodeCursor } from '#platform/http/cursor';

export interface ListInput {
  limit: number;
  /** The slug after which the page begins. */
  after: string | null;
  /** An ILIKE pattern, or null for all. */
  like: string | null;
}

/** Lists are in order of slug, so a cursor is the last slug seen. @throws validation_failed */
export function toListInput(query: { limit?: number; cursor?: string; q?: string }): ListInput {
  return {
    limit: query.limit ?? listLimitDefault,
    after: query.cursor === undefined ? null : slugOf(query.cursor),
    like: query.q === undefined || query.q === '' ? null : `%${query.q.replace(/[\\%_]/g, '\\$&')}%`,
  };
}

function slugOf(cursor: string): string {
  const [slug] = decodeCursor(cursor, 1);
  if (typeof slug === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(slug)) return slug;
  // An empty text is never a cursor: the same complaint in one place.
  decodeCursor('', 1);
  return '';
}
