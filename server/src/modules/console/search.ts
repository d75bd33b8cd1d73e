import type { SearchAnswer, SearchHit } from '@watchkeeper/contracts/search';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { SearchPart } from '#platform/search';
import { findByText, type SearchRow } from './search-store.ts';

/** More words than this do not make a search narrower. */
const wordsMax = 5;

/** Everything in the organization whose name contains these words. */
export async function search(
  ctx: Pick<Ctx, 'db'>,
  scope: Scope,
  { text, parts }: { text: string; parts: readonly SearchPart[] },
): Promise<SearchAnswer> {
  requirePermission(scope, 'read');
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, wordsMax);
  const rows = await ctx.db.tenant(scope.organizationId, (tx) =>
    findByText(tx, { organizationId: scope.organizationId, phrase: words.join(' '), words, parts }),
  );
  return { data: rows.map(toHit) };
}

function toHit(row: SearchRow): SearchHit {
  return {
    kind: row.kind,
    id: row.id,
    slug: row.slug,
    name: row.name,
    site:
      row.site_slug === null || row.site_name === null ? null : { slug: row.site_slug, name: row.site_name },
    status: row.status,
    at: row.at?.toISOString() ?? null,
  };
}
