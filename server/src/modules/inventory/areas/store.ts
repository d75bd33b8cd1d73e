import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import type { ListInput } from '../list.ts';

export interface AreaRow {
  id: string;
  site_id: string;
  site_slug: string;
  slug: string;
  name: string;
  kind: string | null;
  /** Its place at the site; null: by its slug, after those that have one. */
  position: number | null;
  device_count: number;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** The fields that an operator sets. */
export type AreaFields = Pick<AreaRow, 'slug' | 'name' | 'kind'>;

const columns = sql`
  a.id, a.site_id, s.slug as site_slug, a.slug, a.name, a.kind, a.position, a.version, a.created_at, a.updated_at,
  (select count(*)::int from devices d where d.organization_id = a.organization_id and d.area_id = a.id and d.retired_at is null) as device_count`;
/** The place of areas without one: higher than any number of areas. */
export const unplaced = 2_147_483_647;
const place = sql`coalesce(a.position, ${sql.lit(unplaced)})`;
const joined = sql`areas a join sites s on s.organization_id = a.organization_id and s.id = a.site_id`;

/** By slug, else by id. `lock` holds the row for a change. */
export async function findArea(
  tx: Tx,
  organizationId: string,
  siteId: string,
  reference: string,
  lock = false,
): Promise<AreaRow | undefined> {
  const { rows } = await sql<AreaRow>`
    select ${columns} from ${joined}
    where a.organization_id = ${organizationId} and a.site_id = ${siteId}
      and (a.slug = ${reference} or a.id = ${isId(reference) ? reference : null})
    order by (a.slug = ${reference}) desc limit 1 ${lock ? sql`for update of a` : sql``}`.execute(tx);
  return rows[0];
}

export async function selectAreas(
  tx: Tx,
  organizationId: string,
  siteId: string,
  list: Omit<ListInput, 'after'> & { after: { place: number; slug: string } | null },
): Promise<AreaRow[]> {
  const after =
    list.after === null
      ? sql`true`
      : sql`(${place}, a.slug) > (${list.after.place}::int, ${list.after.slug}::text)`;
  const { rows } = await sql<AreaRow>`
    select ${columns} from ${joined}
    where a.organization_id = ${organizationId} and a.site_id = ${siteId}
      and ${after}
      and (${list.like}::text is null or a.slug ilike ${list.like} or a.name ilike ${list.like})
    order by ${place}, a.slug limit ${list.limit + 1}`.execute(tx);
  return rows;
}

/** For manifests: every area of these sites. */
export async function selectAreasOfSites(
  tx: Tx,
  organizationId: string,
  siteSlugs: readonly string[],
): Promise<AreaRow[]> {
  const { rows } = await sql<AreaRow>`
    select ${columns} from ${joined}
    where a.organization_id = ${organizationId} and s.slug = any(${[...siteSlugs]}::text[])
    order by s.slug, ${place}, a.slug`.execute(tx);
  return rows;
}

/** All areas of a site in their order, held until the transaction ends. */
export async function lockAreas(tx: Tx, organizationId: string, siteId: string): Promise<AreaRow[]> {
  const { rows } = await sql<AreaRow>`
    select ${columns} from ${joined}
    where a.organization_id = ${organizationId} and a.site_id = ${siteId}
    order by ${place}, a.slug for update of a`.execute(tx);
  return rows;
}

/** Their order is the order of the ids; rows with the right place are not written. */
export async function placeAreas(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
  at: Date,
): Promise<void> {
  await sql`
    update areas a set position = w.place - 1, version = a.version + 1, updated_at = ${at}
    from unnest(${[...ids]}::uuid[]) with ordinality as w (id, place)
    where a.organization_id = ${organizationId} and a.id = w.id and a.position is distinct from w.place - 1`.execute(
    tx,
  );
}

/** False when the site has an area of this slug. */
export async function insertArea(
  tx: Tx,
  organizationId: string,
  siteId: string,
  id: string,
  area: AreaFields,
  at: Date,
): Promise<boolean> {
  const { rows } = await sql`
    insert into areas (organization_id, id, site_id, slug, name, kind, created_at, updated_at)
    values (${organizationId}, ${id}, ${siteId}, ${area.slug}, ${area.name}, ${area.kind}, ${at}, ${at})
    on conflict (organization_id, site_id, slug) do nothing returning id`.execute(tx);
  return rows.length === 1;
}

export async function updateAreaRow(
  tx: Tx,
  organizationId: string,
  id: string,
  area: AreaFields,
  at: Date,
): Promise<void> {
  await sql`
    update areas set slug = ${area.slug}, name = ${area.name}, kind = ${area.kind}, version = version + 1, updated_at = ${at}
    where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}

/** The area's devices stay at the site. Returns their ids. */
export async function releaseDevices(
  tx: Tx,
  organizationId: string,
  areaId: string,
  at: Date,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update devices set area_id = null, version = version + 1, updated_at = ${at}
    where organization_id = ${organizationId} and area_id = ${areaId} returning id`.execute(tx);
  return rows.map((row) => row.id);
}

export async function deleteAreaRow(tx: Tx, organizationId: string, id: string): Promise<void> {
  await sql`delete from areas where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}
