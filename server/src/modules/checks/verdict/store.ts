import type { DeviceStatus } from '@watchkeeper/contracts';
import { type RawBuilder, sql } from 'kysely';
import { areaRows, deviceRows, deviceTypeRows, siteRows } from '#modules/inventory';
import { sourceRows } from '#modules/sources';
import { deviceStateRows } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';
import { isId } from '#platform/ids';
import { intervalSecondsMin, settingDefaults } from '../settings.ts';
import type { CheckWord, Heartbeats } from './voices.ts';

export interface DeviceRow extends Heartbeats {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly type_slug: string | null;
  readonly site_slug: string;
  readonly site_name: string;
  readonly area_slug: string | null;
  readonly area_name: string | null;
  readonly current: DeviceStatus;
}

const deviceColumns = sql.raw(`
  d.id, d.slug, d.name, t.slug as type_slug, s.slug as site_slug, s.name as site_name, a.slug as area_slug, a.name as area_name,
  coalesce(x.status, 'unknown') as current, x.last_seen_at, x.status as heartbeat_status, x.status_since as heartbeat_since, x.reported_status`);
const deviceJoins = sql`
  ${deviceRows} d join ${siteRows} s on s.id = d.site_id left join ${areaRows} a on a.id = d.area_id
  left join ${deviceTypeRows} t on t.id = d.type_id left join ${deviceStateRows} x on x.device_key = d.key`;

/** Found by slug, else by id. */
export async function findDevice(
  tx: Tx,
  organizationId: string,
  reference: string,
): Promise<DeviceRow | undefined> {
  const { rows } = await sql<DeviceRow>`
    select ${deviceColumns} from ${deviceJoins}
    where d.organization_id = ${organizationId} and (d.slug = ${reference} or d.id = ${isId(reference) ? reference : null})
    order by (d.slug = ${reference}) desc limit 1`.execute(tx);
  return rows[0];
}

export interface DeviceFilter {
  readonly site: string | null;
  readonly area: string | null;
  readonly type: string | null;
  readonly after: string | null;
  readonly limit: number;
}

export async function selectDevices(
  tx: Tx,
  organizationId: string,
  filter: DeviceFilter,
): Promise<DeviceRow[]> {
  const named = (column: string, wanted: string | null): RawBuilder<unknown> =>
    wanted === null
      ? sql``
      : sql`and (${sql.ref(`${column}.slug`)} = ${wanted} or ${sql.ref(`${column}.id`)} = ${isId(wanted) ? wanted : null})`;
  const { rows } = await sql<DeviceRow>`
    select ${deviceColumns} from ${deviceJoins}
    where d.organization_id = ${organizationId} and d.retired_at is null
      and (${filter.after}::text is null or d.slug > ${filter.after})
      ${named('s', filter.site)} ${named('a', filter.area)} ${named('t', filter.type)}
    order by d.slug limit ${filter.limit + 1}`.execute(tx);
  return rows;
}

export async function selectDevicesById(tx: Tx, deviceIds: readonly string[]): Promise<DeviceRow[]> {
  const { rows } = await sql<DeviceRow>`
    select ${deviceColumns} from ${deviceJoins} where d.id = any(${[...deviceIds]}::uuid[])`.execute(tx);
  return rows;
}

export interface DeviceCheck extends CheckWord {
  readonly device_id: string;
  readonly last_ok_at: Date | null;
}

/** At most this many checks of one device are read. */
const checksPerDeviceMax = 50;

/** The enabled checks of many devices, with the last report of their source. */
export async function selectWords(tx: Tx, deviceIds: readonly string[]): Promise<DeviceCheck[]> {
  const { rows } = await sql<DeviceCheck>`
    select c.device_id, c.slug, c.name, c.kind, st.status, st.since, st.reason, st.last_at, st.last_outcome, st.last_reason,
      st.last_ok_at, st.consecutive_failures as failures,
      coalesce(c.alert_after_failures, t.alert_after_failures, ${settingDefaults.alert_after_failures}) as alert_after,
      greatest(coalesce(c.interval_seconds, t.check_interval_seconds, ${settingDefaults.interval}), ${intervalSecondsMin})::float8
        as interval_seconds,
      so.slug as source_slug, sc.name as source_name, o.state as observed_state, o.since as observed_since, o.observed_at,
      o.details->'last_event'->>'at' as event_at, o.details->'last_event'->>'credential' as event_credential,
      o.details->'last_event'->>'result' as event_result
    from unnest(${[...deviceIds]}::uuid[]) as wanted(id)
    join ${deviceRows} d on d.id = wanted.id
    cross join lateral (
      select * from checks where checks.organization_id = d.organization_id and checks.device_id = d.id and checks.enabled
      order by checks.slug limit ${checksPerDeviceMax}
    ) c
    join check_state st on st.check_id = c.id
    left join ${deviceTypeRows} t on t.id = d.type_id
    left join ${sourceRows} so on so.organization_id = c.organization_id and so.slug = c.config->>'source' and so.kind = c.kind
    left join checks sc on sc.id = so.check_id
    left join source_observations o on o.source_id = so.id and o.external_id = c.config->>'ref'`.execute(tx);
  return rows;
}

export interface FollowedDevice extends DeviceRow {
  readonly device_key: number;
}

/**
 * Devices that never sent a heartbeat and have checks: the checks decide their status. Locks the same rows in the same
 * order as intake and alerting. So the first heartbeat either comes before and is seen here, or comes after and
 * corrects the status.
 */
export async function lockFollowed(
  tx: Tx,
  which: { checkIds: readonly string[] } | { after: number },
  limit: number,
): Promise<FollowedDevice[]> {
  const chosen =
    'after' in which
      ? sql`x.device_key > ${which.after} and exists (select from checks c where c.organization_id = x.organization_id
          and c.device_id = x.device_id and c.enabled)`
      : sql`x.device_id in (select device_id from checks where id = any(${[...which.checkIds]}::uuid[]))`;
  const { rows } = await sql<FollowedDevice>`
    select x.device_key, x.device_id as id, d.slug, d.name, null as type_slug, '' as site_slug, '' as site_name,
      null as area_slug, null as area_name, x.status as current, x.last_seen_at, x.status as heartbeat_status,
      x.status_since as heartbeat_since, x.reported_status
    from ${deviceStateRows} x join ${deviceRows} d on d.key = x.device_key
    where x.last_seen_at is null and x.status <> 'maintenance' and d.retired_at is null and ${chosen}
    order by x.device_key limit ${limit} for update of x`.execute(tx);
  return rows;
}
