import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';

export interface PlaceRow {
  id: string;
  slug: string;
}

export interface AreaPlaceRow extends PlaceRow {
  site_id: string;
}

/** Locked until the transaction ends, so that the place of a device cannot be deleted in the meantime. */
export async function selectSitePlaces(
  tx: Tx,
  organizationId: string,
  references: readonly string[],
): Promise<PlaceRow[]> {
  const { rows } = await sql<PlaceRow>`
    select id, slug from sites
    where organization_id = ${organizationId} and (slug = any(${[...references]}::text[]) or id = any(${references.filter(isId)}::uuid[]))
    order by id for key share`.execute(tx);
  return rows;
}

export async function selectAreaPlaces(
  tx: Tx,
  organizationId: string,
  siteIds: readonly string[],
  references: readonly string[],
): Promise<AreaPlaceRow[]> {
  const { rows } = await sql<AreaPlaceRow>`
    select id, slug, site_id from areas
    where organization_id = ${organizationId} and site_id = any(${[...siteIds]}::uuid[])
      and (slug = any(${[...references]}::text[]) or id = any(${references.filter(isId)}::uuid[]))
    order by id for key share`.execute(tx);
  return rows;
}

export async function selectTypePlaces(
  tx: Tx,
  organizationId: string,
  references: readonly string[],
): Promise<PlaceRow[]> {
  const { rows } = await sql<PlaceRow>`
    select id, slug from device_types
    where organization_id = ${organizationId} and (slug = any(${[...references]}::text[]) or id = any(${references.filter(isId)}::uuid[]))
    order by id for key share`.execute(tx);
  return rows;
}
