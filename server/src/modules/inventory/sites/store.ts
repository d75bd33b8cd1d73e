import type { OpeningHours } from '@watchkeeper/contracts/inventory';
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import type { ListInput } from '../list.ts';

export interface SiteRow {
  id: string;
  slug: string;
  name: string;
  timezone: string;
  opening_hours: OpeningHours | null;
  area_count: number;
  device_count: number;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** The fields that an operator sets. */
export type SiteFields = Pick<SiteRow, 'slug' | 'name' | 'timezone' | 'opening_hours'>;

const columns = sql`
  s.id, s.slug, s.name, s.timezone, s.opening_hours, s.version, s.created_at, s.updated_at,
  (select count(*)::int from areas a where a.organization_id = s.organization_id and a.site_id = s.id) as area_count,
  (select count(*)::int from devices d where d.organization_id = s.organization_id and d.site_id = s.id and d.retired_at is null) as device_count`;

/** By slug, else by id. `lock` holds the row for a change. */
export async function findSite(
  tx: Tx,
  organizationId: string,
  reference: string,
  lock = false,
): Promise<SiteRow | undefined> {
  const { rows } = await sql<SiteRow>`
    select ${columns} from sites s
    where s.organization_id = ${organizationId} and (s.slug = ${reference} or s.id = ${isId(reference) ? reference : null})
    order by (s.slug = ${reference}) desc limit 1 ${lock ? sql`for update of s` : sql``}`.execute(tx);
  return rows[0];
}

/** One row more than the limit, so that the caller sees whether there is a next page. */
export async function selectSites(tx: Tx, organizationId: string, list: ListInput): Promise<SiteRow[]> {
  const { rows } = await sql<SiteRow>`
    select ${columns} from sites s
    where s.organization_id = ${organizationId}
      and (${list.after}::text is null or s.slug > ${list.after})
      and (${list.like}::text is null or s.slug ilike ${list.like} or s.name ilike ${list.like})
    order by s.slug limit ${list.limit + 1}`.execute(tx);
  return rows;
}

/** For manifests: the named sites, or all of them. */
export async function selectSitesBySlug(
  tx: Tx,
  organizationId: string,
  slugs: readonly string[] | null,
): Promise<SiteRow[]> {
  const { rows } = await sql<SiteRow>`
    select ${columns} from sites s
    where s.organization_id = ${organizationId} and ${anySlug(sql`s.slug`, slugs)}
    order by s.slug`.execute(tx);
  return rows;
}

export function anySlug(column: RawBuilder<unknown>, slugs: readonly string[] | null): RawBuilder<boolean> {
  return slugs === null ? sql<boolean>`true` : sql<boolean>`${column} = any(${[...slugs]}::text[])`;
}

/** False when the slug is taken. */
export async function insertSite(
  tx: Tx,
  organizationId: string,
  id: string,
  site: SiteFields,
  at: Date,
): Promise<boolean> {
  const { rows } = await sql`
    insert into sites (organization_id, id, slug, name, timezone, opening_hours, created_at, updated_at)
    values (${organizationId}, ${id}, ${site.slug}, ${site.name}, ${site.timezone}, ${jsonb(site.opening_hours)}, ${at}, ${at})
    on conflict (organization_id, slug) do nothing returning id`.execute(tx);
  return rows.length === 1;
}

export async function updateSiteRow(
  tx: Tx,
  organizationId: string,
  id: string,
  site: SiteFields,
  at: Date,
): Promise<void> {
  await sql`
    update sites set slug = ${site.slug}, name = ${site.name}, timezone = ${site.timezone},
      opening_hours = ${jsonb(site.opening_hours)}, version = version + 1, updated_at = ${at}
    where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}

export async function deleteSiteRow(tx: Tx, organizationId: string, id: string): Promise<void> {
  await sql`delete from sites where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}

function jsonb(value: object | null): RawBuilder<unknown> {
  return sql`${value === null ? null : JSON.stringify(value)}::jsonb`;
}
