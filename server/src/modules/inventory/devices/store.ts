import type { RetiredFilter } from '@watchkeeper/contracts/inventory';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import type { ListInput } from '../list.ts';
import { anySlug } from '../sites/store.ts';

export interface DeviceRow {
  id: string;
  key: number;
  slug: string;
  name: string;
  site_id: string;
  site_slug: string;
  area_id: string | null;
  area_slug: string | null;
  type_id: string | null;
  type_slug: string | null;
  depends_on: string[];
  provisioned: boolean;
  retired_at: Date | null;
  version: number;
  created_at: Date;
  updated_at: Date;
}

export interface DeviceFields {
  slug: string;
  name: string;
  siteId: string;
  areaId: string | null;
  typeId: string | null;
}

export interface DeviceKey {
  id: string;
  key: number;
  slug: string;
}

const columns = sql`
  d.id, d.key, d.slug, d.name, d.site_id, s.slug as site_slug, d.area_id, a.slug as area_slug, d.type_id,
  t.slug as type_slug, d.provisioned, d.retired_at, d.version, d.created_at, d.updated_at,
  array(select p.slug from device_dependencies x
        join devices p on p.organization_id = x.organization_id and p.id = x.depends_on_device_id
        where x.organization_id = d.organization_id and x.device_id = d.id order by p.slug) as depends_on`;
const joined = sql`
  devices d
  join sites s on s.organization_id = d.organization_id and s.id = d.site_id
  left join areas a on a.organization_id = d.organization_id and a.id = d.area_id
  left join device_types t on t.organization_id = d.organization_id and t.id = d.type_id`;

/** By slug, else by id. `lock` holds the row for a change, while others may still come to depend on it. */
export async function findDevice(
  tx: Tx,
  organizationId: string,
  reference: string,
  lock = false,
): Promise<DeviceRow | undefined> {
  const { rows } = await sql<DeviceRow>`
    select ${columns} from ${joined}
    where d.organization_id = ${organizationId} and (d.slug = ${reference} or d.id = ${isId(reference) ? reference : null})
    order by (d.slug = ${reference}) desc limit 1 ${lock ? sql`for no key update of d` : sql``}`.execute(tx);
  return rows[0];
}

export interface DeviceFilter {
  site: string | null;
  area: string | null;
  type: string | null;
  retired: RetiredFilter;
}

export async function selectDevices(
  tx: Tx,
  organizationId: string,
  list: ListInput,
  filter: DeviceFilter,
): Promise<DeviceRow[]> {
  const idOf = (reference: string | null) => (reference !== null && isId(reference) ? reference : null);
  const { rows } = await sql<DeviceRow>`
    select ${columns} from ${joined}
    where d.organization_id = ${organizationId}
      and (${list.after}::text is null or d.slug > ${list.after})
      and (${list.like}::text is null or d.slug ilike ${list.like} or d.name ilike ${list.like})
      and (${filter.site}::text is null or s.slug = ${filter.site} or s.id = ${idOf(filter.site)})
      and (${filter.area}::text is null or a.slug = ${filter.area} or a.id = ${idOf(filter.area)})
      and (${filter.type}::text is null or t.slug = ${filter.type} or t.id = ${idOf(filter.type)})
      and (${filter.retired} = 'all' or (d.retired_at is not null) = (${filter.retired} = 'only'))
    order by d.slug limit ${list.limit + 1}`.execute(tx);
  return rows;
}

/** For manifests: the named devices, or all that are not retired: a manifest describes what runs. */
export async function selectDevicesBySlug(
  tx: Tx,
  organizationId: string,
  slugs: readonly string[] | null,
): Promise<DeviceRow[]> {
  const { rows } = await sql<DeviceRow>`
    select ${columns} from ${joined}
    where d.organization_id = ${organizationId} and ${anySlug(sql`d.slug`, slugs)}
      and ${slugs === null ? sql`d.retired_at is null` : sql`true`} order by d.slug`.execute(tx);
  return rows;
}

export async function selectDeviceKeysOfSite(
  tx: Tx,
  organizationId: string,
  siteId: string,
): Promise<DeviceKey[]> {
  const { rows } = await sql<DeviceKey>`
    select id, key, slug from devices where organization_id = ${organizationId} and site_id = ${siteId}
    order by id for update`.execute(tx);
  return rows;
}

/** Undefined when the slug is taken. */
export async function insertDevice(
  tx: Tx,
  organizationId: string,
  id: string,
  device: DeviceFields,
  options: { provisioned: boolean; at: Date },
): Promise<number | undefined> {
  const { rows } = await sql<{ key: number }>`
    insert into devices (organization_id, id, site_id, area_id, type_id, slug, name, provisioned, created_at, updated_at)
    values (${organizationId}, ${id}, ${device.siteId}, ${device.areaId}, ${device.typeId}, ${device.slug}, ${device.name},
      ${options.provisioned}, ${options.at}, ${options.at})
    on conflict (organization_id, slug) do nothing returning key`.execute(tx);
  return rows[0]?.key;
}

export async function updateDeviceRow(
  tx: Tx,
  organizationId: string,
  id: string,
  device: DeviceFields,
  at: Date,
): Promise<void> {
  await sql`
    update devices set slug = ${device.slug}, name = ${device.name}, site_id = ${device.siteId}, area_id = ${device.areaId},
      type_id = ${device.typeId}, version = version + 1, updated_at = ${at}
    where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}

/** null: back from retirement. */
export async function setRetired(
  tx: Tx,
  organizationId: string,
  id: string,
  retiredAt: Date | null,
  at: Date,
): Promise<void> {
  await sql`
    update devices set retired_at = ${retiredAt}, version = version + 1, updated_at = ${at}
    where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}

/** Their places in other rows are left behind as a new version of those rows. */
export async function touchDevices(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
  at: Date,
): Promise<void> {
  await sql`
    update devices set version = version + 1, updated_at = ${at}
    where organization_id = ${organizationId} and id = any(${[...ids]}::uuid[])`.execute(tx);
}

export async function deleteDeviceRows(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<void> {
  await sql`delete from devices where organization_id = ${organizationId} and id = any(${[...ids]}::uuid[])`.execute(
    tx,
  );
}
