import { type RawBuilder, sql } from 'kysely';
import { deviceTokenRows, organizationRows } from '#modules/identity';
import type { Tx } from '#platform/db/database';

/** How many devices one call looks up at most. */
export const directoryBatchMax = 1_000;

/** Everything that intake must know of a device to accept its heartbeat. */
export interface DirectoryRow {
  device_id: string;
  device_key: number;
  device_slug: string;
  organization_id: string;
  organization_slug: string;
  site_id: string;
  site_slug: string;
  area_id: string | null;
  type_id: string | null;
  retired: boolean;
  /** null: has no token. */
  token_hash: Buffer | null;
}

export type DirectoryFilter =
  | { readonly tokenHashes: readonly Buffer[] }
  | { readonly addresses: readonly DeviceAddress[] }
  | { readonly deviceIds: readonly string[] }
  | { readonly deviceKeys: readonly number[] };

/** A device as its heartbeat names it: `tenant_id` and `device_id`. */
export interface DeviceAddress {
  readonly organizationSlug: string;
  readonly deviceSlug: string;
}

/**
 * Across tenants, so in a system transaction. Unknown devices are not in the answer.
 * @throws RangeError
 * over the batch
 */
export async function loadDirectory(tx: Tx, filter: DirectoryFilter): Promise<DirectoryRow[]> {
  const { source, length } = sourceOf(filter);
  if (length > directoryBatchMax)
    throw new RangeError(`loadDirectory takes at most ${directoryBatchMax} at once.`);
  if (length === 0) return [];
  const { rows } = await sql<DirectoryRow>`
    select d.id as device_id, d.key as device_key, d.slug as device_slug, o.id as organization_id, o.slug as organization_slug,
      s.id as site_id, s.slug as site_slug, d.area_id, d.type_id, d.retired_at is not null as retired, k.hash as token_hash
    from ${source}
    left join ${deviceTokenRows} k on k.device_id = d.id
    join ${organizationRows} o on o.id = d.organization_id
    join sites s on s.organization_id = d.organization_id and s.id = d.site_id`.execute(tx);
  return rows;
}

function sourceOf(filter: DirectoryFilter): { source: RawBuilder<unknown>; length: number } {
  if ('tokenHashes' in filter) {
    const source = sql`${deviceTokenRows} w join devices d on d.organization_id = w.organization_id and d.id = w.device_id
      and w.hash = any(${[...filter.tokenHashes]}::bytea[])`;
    return { source, length: filter.tokenHashes.length };
  }
  if ('addresses' in filter) {
    const organizations = filter.addresses.map((address) => address.organizationSlug);
    const slugs = filter.addresses.map((address) => address.deviceSlug);
    const source = sql`(select distinct * from unnest(${organizations}::text[], ${slugs}::text[]) as w(organization, device)) w
      join ${organizationRows} wo on wo.slug = w.organization
      join devices d on d.organization_id = wo.id and d.slug = w.device`;
    return { source, length: filter.addresses.length };
  }
  if ('deviceIds' in filter) {
    const source = sql`devices d join (select unnest(${[...filter.deviceIds]}::uuid[]) as id) w on w.id = d.id`;
    return { source, length: filter.deviceIds.length };
  }
  const source = sql`devices d join (select unnest(${[...filter.deviceKeys]}::integer[]) as key) w on w.key = d.key`;
  return { source, length: filter.deviceKeys.length };
}

/** The site that a heartbeat names by `tenant_id` and `store_id`. */
export async function findSiteByAddress(
  tx: Tx,
  organizationSlug: string,
  siteSlug: string,
): Promise<{ organization_id: string; site_id: string } | undefined> {
  const { rows } = await sql<{ organization_id: string; site_id: string }>`
    select s.organization_id, s.id as site_id
    from ${organizationRows} o join sites s on s.organization_id = o.id
    where o.slug = ${organizationSlug} and s.slug = ${siteSlug}`.execute(tx);
  return rows[0];
}
