import { type RawBuilder, sql } from 'kysely';
import { areaRows, deviceRows, deviceTypeRows, siteRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import type { CheckRows } from './coverable-checks.ts';

export interface SitePlace {
  id: string;
  slug: string;
  timezone: string;
}

/** Names that differ only in case, `-` and `_` are the same to a person. */
export function folded(text: string): string {
  return text.toLowerCase().replaceAll('_', '-');
}

function foldedIn(column: string): RawBuilder<string> {
  return sql<string>`lower(replace(${sql.ref(column)}, '_', '-'))`;
}

/** How many names are listed when a word fits several. */
const alikeMax = 10;

/**
 * The site with exactly this slug or id, else the sites that people may mean: a slug or a name, in any case. Locked
 * until the transaction ends, so that it cannot be deleted meanwhile.
 */
export async function findSitePlaces(
  tx: Tx,
  organizationId: string,
  reference: string,
): Promise<SitePlace[]> {
  const word = folded(reference.trim());
  const { rows } = await sql<SitePlace & { rank: number }>`
    select id, slug, timezone, case when slug = ${reference} then 1 when id = ${isId(reference) ? reference : null} then 2
      when ${foldedIn('slug')} = ${word} then 3 else 4 end as rank
    from ${siteRows} s where organization_id = ${organizationId} and (slug = ${reference} or id = ${isId(reference) ? reference : null}
      or ${foldedIn('slug')} = ${word} or lower(name) = ${reference.trim().toLowerCase()})
    order by rank, slug limit ${alikeMax} for key share`.execute(tx);
  const best = rows.filter((row) => row.rank === rows[0]?.rank);
  return best.map(({ rank: _, ...site }) => site);
}

export interface Target {
  kind: 'area' | 'device' | 'device_type' | 'check';
  id: string;
  slug: string;
}

/**
 * The areas, devices, checks and device types that these words may mean. With a site, only those at the site (device
 * types belong to none).
 */
export async function findTargets(
  tx: Tx,
  checks: CheckRows,
  organizationId: string,
  siteId: string | null,
  words: readonly string[],
): Promise<Target[]> {
  const ids = words.filter(isId);
  const named = sql`organization_id = ${organizationId} and (slug = any(${[...words]}::text[])
    or ${foldedIn('slug')} = any(${words.map(folded)}::text[]) or id = any(${ids}::uuid[]))`;
  const here = siteId === null ? sql`true` : sql`site_id = ${siteId}`;
  const { rows } = await sql<Target>`
    select 'area' as kind, id, slug from ${areaRows} a where ${named} and ${here}
    union all select 'device', id, slug from ${deviceRows} d where ${named} and ${here}
    union all select 'device_type', id, slug from ${deviceTypeRows} t where ${named}
    union all select 'check', id, slug from ${checks} c where ${named} and ${here}
    order by 1, 3, 2`.execute(tx);
  return rows;
}
