import { sql } from 'kysely';
import { areaRows, deviceRows, siteRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';

export interface PlaceRow {
  id: string;
  slug: string;
  site_id: string;
}

/** Sites by slug or id. */
export async function selectSites(
  tx: Tx,
  organizationId: string,
  references: readonly string[],
): Promise<PlaceRow[]> {
  const { rows } = await sql<PlaceRow>`
    select id, slug, id as site_id from ${siteRows} s
    where organization_id = ${organizationId}
      and (slug = any(${[...references]}::text[]) or id::text = any(${[...references]}::text[]))`.execute(tx);
  return rows;
}

export async function selectAreas(
  tx: Tx,
  organizationId: string,
  references: readonly string[],
): Promise<PlaceRow[]> {
  const { rows } = await sql<PlaceRow>`
    select id, slug, site_id from ${areaRows} a
    where organization_id = ${organizationId}
      and (slug = any(${[...references]}::text[]) or id::text = any(${[...references]}::text[]))`.execute(tx);
  return rows;
}

export async function selectDevices(
  tx: Tx,
  organizationId: string,
  references: readonly string[],
): Promise<PlaceRow[]> {
  const { rows } = await sql<PlaceRow>`
    select id, slug, site_id from ${deviceRows} d
    where organization_id = ${organizationId}
      and (slug = any(${[...references]}::text[]) or id::text = any(${[...references]}::text[]))`.execute(tx);
  return rows;
}
