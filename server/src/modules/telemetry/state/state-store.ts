import type { DeviceStatus } from '@watchkeeper/contracts';
import type { RetiredFilter } from '@watchkeeper/contracts/inventory';
import { type RawBuilder, sql } from 'kysely';
import { organizationRows } from '#modules/identity';
import { areaRows, deviceRows, deviceTypeRows, siteRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';

export interface DeviceStateRow {
  device_key: number;
  id: string;
  slug: string;
  name: string;
  organization_slug: string;
  site_id: string;
  site_slug: string;
  site_name: string;
  area_id: string | null;
  area_slug: string | null;
  area_name: string | null;
  area_position: number | null;
  type_slug: string | null;
  retired_at: Date | null;
  created_at: Date;
  status: DeviceStatus;
  status_since: Date | null;
  last_seen_at: Date | null;
  reported_status: string | null;
  app_version: string | null;
  sequence: string | null;
  sent_at: Date | null;
  skew_ms: string | null;
  error_rate_5m: number | null;
  request_latency_p95: number | null;
  sync_lag_sec: number | null;
  memory_usage: number | null;
  cpu_usage: number | null;
  disk_usage: number | null;
  metrics: Record<string, number> | null;
}

/** A device without heartbeats so far has no row: its status is unknown. */
const columns = sql`
  d.key as device_key, d.id, d.slug, d.name, d.retired_at, d.created_at, o.slug as organization_slug,
  s.id as site_id, s.slug as site_slug, s.name as site_name,
  a.id as area_id, a.slug as area_slug, a.name as area_name, a.position as area_position, t.slug as type_slug,
  coalesce(x.status, 'unknown') as status, x.status_since, x.last_seen_at, x.reported_status, x.app_version,
  x.sequence, x.sent_at, x.skew_ms, x.error_rate_5m, x.request_latency_p95, x.sync_lag_sec,
  x.memory_usage, x.cpu_usage, x.disk_usage, x.metrics`;
const joined = sql`
  ${deviceRows} d
  join ${organizationRows} o on o.id = d.organization_id
  join ${siteRows} s on s.organization_id = d.organization_id and s.id = d.site_id
  left join ${areaRows} a on a.organization_id = d.organization_id and a.id = d.area_id
  left join ${deviceTypeRows} t on t.organization_id = d.organization_id and t.id = d.type_id
  left join device_state x on x.device_key = d.key`;

export interface StateFilter {
  statuses: readonly DeviceStatus[] | null;
  site: string | null;
  area: string | null;
  like: string | null;
  retired: RetiredFilter;
  after: string | null;
  limit: number;
}

/** By slug, one more than the page holds. */
export async function selectStates(
  tx: Tx,
  organizationId: string,
  filter: StateFilter,
): Promise<DeviceStateRow[]> {
  const where: RawBuilder<unknown>[] = [sql`d.organization_id = ${organizationId}`];
  if (filter.statuses !== null)
    where.push(sql`coalesce(x.status, 'unknown') = any(${[...filter.statuses]}::text[])`);
  if (filter.site !== null) where.push(sql`(s.slug = ${filter.site} or s.id::text = ${filter.site})`);
  if (filter.area !== null) where.push(sql`(a.slug = ${filter.area} or a.id::text = ${filter.area})`);
  if (filter.retired !== 'all') where.push(sql`(d.retired_at is not null) = ${filter.retired === 'only'}`);
  if (filter.like !== null) where.push(sql`(d.slug ilike ${filter.like} or d.name ilike ${filter.like})`);
  if (filter.after !== null) where.push(sql`d.slug > ${filter.after}`);
  const { rows } = await sql<DeviceStateRow>`
    select ${columns} from ${joined} where ${sql.join(where, sql` and `)}
    order by d.slug limit ${filter.limit + 1}`.execute(tx);
  return rows;
}

/** By slug, else by id. */
export async function findState(
  tx: Tx,
  organizationId: string,
  device: string,
): Promise<DeviceStateRow | undefined> {
  const { rows } = await sql<DeviceStateRow>`
    select ${columns} from ${joined}
    where d.organization_id = ${organizationId} and (d.slug = ${device} or d.id::text = ${device})
    order by (d.slug = ${device}) desc limit 1`.execute(tx);
  return rows[0];
}

export async function selectStatesByIds(
  tx: Tx,
  organizationId: string,
  deviceIds: readonly string[],
): Promise<DeviceStateRow[]> {
  const { rows } = await sql<DeviceStateRow>`
    select ${columns} from ${joined}
    where d.organization_id = ${organizationId} and d.id = any(${[...deviceIds]}::uuid[]) order by d.slug`.execute(
    tx,
  );
  return rows;
}

/** Which of these organizations (null: all) have a device of this slug or id; two rows are already too many. */
export async function findOwners(
  tx: Tx,
  organizationIds: readonly string[] | null,
  device: string,
): Promise<{ organization_id: string; device_id: string }[]> {
  const among =
    organizationIds === null ? sql`true` : sql`organization_id = any(${[...organizationIds]}::uuid[])`;
  const { rows } = await sql<{ organization_id: string; device_id: string }>`
    select organization_id, id as device_id from ${deviceRows} d
    where (slug = ${device} or id::text = ${device}) and ${among} limit 2`.execute(tx);
  return rows;
}

/** Devices whose state is not what inventory says: missing, elsewhere, or of one that is retired. Across tenants. */
export async function findAstray(tx: Tx, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select d.id from ${deviceRows} d left join device_state s on s.device_key = d.key
    where case when d.retired_at is null then s.device_key is null or s.site_id <> d.site_id
      else s.device_key is not null end
    order by d.key limit ${limit}`.execute(tx);
  return rows.map((row) => row.id);
}

/** Creates rows for devices without one, in order of key like every writer of this table. */
export async function insertStates(tx: Tx, deviceIds: readonly string[], at: Date): Promise<void> {
  await sql`
    insert into device_state (organization_id, device_key, device_id, site_id, status_since)
    select d.organization_id, d.key, d.id, d.site_id, ${at} from ${deviceRows} d
    where d.id = any(${[...deviceIds]}::uuid[]) and d.retired_at is null order by d.key
    on conflict do nothing`.execute(tx);
}

/**
 * A retired device has history but no state. Devices are judged by their states, so it is not judged.
 * Only if it is still retired, and after its timeline has its end.
 */
export async function deleteStatesOfRetired(tx: Tx, deviceIds: readonly string[], at: Date): Promise<void> {
  await sql`
    with locked as materialized (
      select s.device_key, s.organization_id, s.status from device_state s join ${deviceRows} d on d.key = s.device_key
      where d.id = any(${[...deviceIds]}::uuid[]) and d.retired_at is not null
      order by s.device_key for update of s
    ), noted as (
      insert into device_status_changes (organization_id, device_key, at, was, status)
      select organization_id, device_key, ${at}, status, 'unknown' from locked where status <> 'unknown'
    )
    delete from device_state s using locked l where s.device_key = l.device_key`.execute(tx);
}

/** Locks in order of key, then changes only what differs: `status_since` is when it became so. */
export async function updateStatus(
  tx: Tx,
  deviceIds: readonly string[],
  status: DeviceStatus,
  at: Date,
): Promise<{ organization_id: string; device_id: string }[]> {
  const { rows } = await sql<{ organization_id: string; device_id: string }>`
    with locked as materialized (
      select device_key, organization_id, status from device_state
      where device_id = any(${[...deviceIds]}::uuid[]) and status <> ${status}
      order by device_key for update
    ), noted as (
      insert into device_status_changes (organization_id, device_key, at, was, status)
      select organization_id, device_key, ${at}, status, ${status} from locked
    )
    update device_state s set status = ${status}, status_since = ${at}
    from locked l where s.device_key = l.device_key
    returning s.organization_id, s.device_id`.execute(tx);
  return rows;
}

export async function updateWatched(tx: Tx, deviceIds: readonly string[], watched: boolean): Promise<void> {
  await sql`
    with locked as materialized (
      select device_key from device_state
      where device_id = any(${[...deviceIds]}::uuid[]) and watched <> ${watched}
      order by device_key for update
    )
    update device_state s set watched = ${watched} from locked l where s.device_key = l.device_key`.execute(
    tx,
  );
}

/** After a move, the state follows the device to its new site. */
export async function alignSites(tx: Tx, deviceIds: readonly string[]): Promise<void> {
  await sql`
    with locked as materialized (
      select s.device_key, d.site_id from device_state s join ${deviceRows} d on d.key = s.device_key
      where d.id = any(${[...deviceIds]}::uuid[]) and s.site_id <> d.site_id
      order by s.device_key for update of s
    )
    update device_state s set site_id = l.site_id from locked l where s.device_key = l.device_key`.execute(
    tx,
  );
}
