import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import type { ListInput } from '../list.ts';
import { anySlug } from '../sites/store.ts';

export interface DeviceTypeRow {
  id: string;
  slug: string;
  name: string;
  check_interval_seconds: number;
  timeout_seconds: number;
  retries: number;
  alert_after_failures: number;
  recover_after_successes: number;
  check_method: string;
  device_count: number;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** The fields that an operator sets. */
export type DeviceTypeFields = Omit<
  DeviceTypeRow,
  'id' | 'device_count' | 'version' | 'created_at' | 'updated_at'
>;

const columns = sql`
  t.id, t.slug, t.name, t.check_interval_seconds, t.timeout_seconds, t.retries, t.alert_after_failures,
  t.recover_after_successes, t.check_method, t.version, t.created_at, t.updated_at,
  (select count(*)::int from devices d where d.organization_id = t.organization_id and d.type_id = t.id) as device_count`;

/** By slug, else by id. `lock` holds the row for a change. */
export async function findDeviceType(
  tx: Tx,
  organizationId: string,
  reference: string,
  lock = false,
): Promise<DeviceTypeRow | undefined> {
  const { rows } = await sql<DeviceTypeRow>`
    select ${columns} from device_types t
    where t.organization_id = ${organizationId} and (t.slug = ${reference} or t.id = ${isId(reference) ? reference : null})
    order by (t.slug = ${reference}) desc limit 1 ${lock ? sql`for update of t` : sql``}`.execute(tx);
  return rows[0];
}

export async function selectDeviceTypes(
  tx: Tx,
  organizationId: string,
  list: ListInput,
): Promise<DeviceTypeRow[]> {
  const { rows } = await sql<DeviceTypeRow>`
    select ${columns} from device_types t
    where t.organization_id = ${organizationId}
      and (${list.after}::text is null or t.slug > ${list.after})
      and (${list.like}::text is null or t.slug ilike ${list.like} or t.name ilike ${list.like})
    order by t.slug limit ${list.limit + 1}`.execute(tx);
  return rows;
}

/** For manifests: the named types, or all of them. */
export async function selectDeviceTypesBySlug(
  tx: Tx,
  organizationId: string,
  slugs: readonly string[] | null,
): Promise<DeviceTypeRow[]> {
  const { rows } = await sql<DeviceTypeRow>`
    select ${columns} from device_types t
    where t.organization_id = ${organizationId} and ${anySlug(sql`t.slug`, slugs)} order by t.slug`.execute(
    tx,
  );
  return rows;
}

/** False when the slug is taken. */
export async function insertDeviceType(
  tx: Tx,
  organizationId: string,
  id: string,
  type: DeviceTypeFields,
  at: Date,
): Promise<boolean> {
  const { rows } = await sql`
    insert into device_types (organization_id, id, slug, name, check_interval_seconds, timeout_seconds, retries,
      alert_after_failures, recover_after_successes, check_method, created_at, updated_at)
    values (${organizationId}, ${id}, ${type.slug}, ${type.name}, ${type.check_interval_seconds}, ${type.timeout_seconds},
      ${type.retries}, ${type.alert_after_failures}, ${type.recover_after_successes}, ${type.check_method}, ${at}, ${at})
    on conflict (organization_id, slug) do nothing returning id`.execute(tx);
  return rows.length === 1;
}

export async function updateDeviceTypeRow(
  tx: Tx,
  organizationId: string,
  id: string,
  type: DeviceTypeFields,
  at: Date,
): Promise<void> {
  await sql`
    update device_types set slug = ${type.slug}, name = ${type.name}, check_interval_seconds = ${type.check_interval_seconds},
      timeout_seconds = ${type.timeout_seconds}, retries = ${type.retries}, alert_after_failures = ${type.alert_after_failures},
      recover_after_successes = ${type.recover_after_successes}, check_method = ${type.check_method},
      version = version + 1, updated_at = ${at}
    where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}

export async function deleteDeviceTypeRow(tx: Tx, organizationId: string, id: string): Promise<void> {
  await sql`delete from device_types where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}
