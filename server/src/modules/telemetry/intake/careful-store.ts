import type { DeviceStatus } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import { deviceRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';
import { toJson } from '#platform/storable';
import { standardFields, type Values } from '../history/record.ts';

export interface StateRow {
  organization_id: string;
  device_key: number;
  device_id: string;
  site_id: string;
  last_seen_at: Date | null;
  status: DeviceStatus;
  watched: boolean;
  sequence: string | null;
  sent_at: Date | null;
  skew_ms: string | null;
  late_skew_ms: string | null;
  late_sent_at: Date | null;
}

/** A device's first contact creates its row; a deleted or retired device gets none. */
export async function ensureStates(tx: Tx, deviceIds: readonly string[], at: Date): Promise<void> {
  await sql`
    insert into device_state (organization_id, device_key, device_id, site_id, status_since)
    select d.organization_id, d.key, d.id, d.site_id, ${at} from ${deviceRows} d
    where d.id = any(${deviceIds}::uuid[])
      and d.retired_at is null
      and not exists (select from device_state s where s.device_key = d.key)
    order by d.key
    on conflict do nothing`.execute(tx);
}

/** Takes the row locks in the order in which every writer of this table takes them. */
export async function lockStates(tx: Tx, deviceKeys: readonly number[]): Promise<StateRow[]> {
  const { rows } = await sql<StateRow>`
    select organization_id, device_key, device_id, site_id, last_seen_at, status, watched,
      sequence, sent_at, skew_ms, late_skew_ms, late_sent_at
    from device_state where device_key = any(${deviceKeys}::int[])
    order by device_key for update`.execute(tx);
  return rows;
}

export interface StateUpdate {
  device_key: number;
  last_seen_at: Date | null;
  sequence: number | null;
  sent_at: Date | null;
  skew_ms: number | null;
  late_skew_ms: number | null;
  late_sent_at: Date | null;
  /** null: only order moved on (something late came in). */
  newest: NewestUpdate | null;
}

export interface NewestUpdate {
  status: DeviceStatus;
  status_since: Date | null;
  reported_status: string;
  app_version: string | null;
  values: Values;
  metrics: Readonly<Record<string, number>> | null;
}

export async function updateStates(tx: Tx, updates: readonly StateUpdate[]): Promise<void> {
  if (updates.length === 0) return;
  await sql`
    update device_state s set
      last_seen_at = greatest(s.last_seen_at, u.last_seen_at), sequence = u.sequence, sent_at = u.sent_at,
      skew_ms = u.skew_ms, late_skew_ms = u.late_skew_ms, late_sent_at = u.late_sent_at
    from jsonb_to_recordset(${toJson(updates.map(({ newest: _, ...order }) => order))}::jsonb) as u(
      device_key int, last_seen_at timestamptz, sequence bigint, sent_at timestamptz, skew_ms bigint,
      late_skew_ms bigint, late_sent_at timestamptz)
    where s.device_key = u.device_key`.execute(tx);
  const moved = updates.filter((update) => update.newest !== null).map(toNewestJson);
  if (moved.length === 0) return;
  await noteChanges(tx, updates);
  await sql`
    update device_state s set
      status = u.status, status_since = coalesce(u.status_since, s.status_since),
      reported_status = u.reported_status, app_version = u.app_version, error_rate_5m = u.error_rate_5m,
      request_latency_p95 = u.request_latency_p95, sync_lag_sec = u.sync_lag_sec,
      memory_usage = u.memory_usage, cpu_usage = u.cpu_usage, disk_usage = u.disk_usage, metrics = u.metrics
    from jsonb_to_recordset(${toJson(moved)}::jsonb) as u(
      device_key int, status text, status_since timestamptz, reported_status text, app_version text,
      error_rate_5m float8, request_latency_p95 float8, sync_lag_sec float8, memory_usage float8,
      cpu_usage float8, disk_usage float8, metrics json)
    where s.device_key = u.device_key`.execute(tx);
}

/** Before the rows are rewritten, while they still say what was. */
async function noteChanges(tx: Tx, updates: readonly StateUpdate[]): Promise<void> {
  const changed = updates.flatMap(({ device_key, newest }) =>
    newest === null || newest.status_since === null
      ? []
      : [{ device_key, status: newest.status, at: newest.status_since }],
  );
  if (changed.length === 0) return;
  await sql`
    insert into device_status_changes (organization_id, device_key, at, was, status)
    select s.organization_id, s.device_key, u.at, s.status, u.status
    from jsonb_to_recordset(${toJson(changed)}::jsonb) as u(device_key int, status text, at timestamptz)
    join device_state s on s.device_key = u.device_key`.execute(tx);
}

/** Values are the payload itself: only the six fields are ours to take. */
function toNewestJson(update: StateUpdate): object {
  const { values, ...newest } = update.newest ?? { values: {} };
  const fields = standardFields.map((field) => [field, values[field]]);
  return { device_key: update.device_key, ...newest, ...Object.fromEntries(fields) };
}

export interface RawRow {
  at: Date;
  organization_id: string;
  device_key: number;
  body: Buffer;
}

/** `heartbeats` for open days, `heartbeats_late` for closed ones. */
export async function insertRaw(
  tx: Tx,
  table: 'heartbeats' | 'heartbeats_late',
  rows: readonly RawRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into ${sql.table(table)} (at, organization_id, device_key, body)
    select * from unnest(${rows.map((row) => row.at)}::timestamptz[], ${rows.map((row) => row.organization_id)}::uuid[],
      ${rows.map((row) => row.device_key)}::int[], ${rows.map((row) => row.body)}::bytea[])`.execute(tx);
}

/** Stored rollups of these five minutes are stale now; upkeep computes them again. */
export async function markDirty(
  tx: Tx,
  marks: readonly { device_key: number; bucket: Date }[],
): Promise<void> {
  if (marks.length === 0) return;
  await sql`
    insert into rollup_dirty (device_key, minutes, bucket)
    select distinct device_key, 5, bucket
    from unnest(${marks.map((mark) => mark.device_key)}::int[], ${marks.map((mark) => mark.bucket)}::timestamptz[])
      as t(device_key, bucket)
    order by 1, 3
    on conflict do nothing`.execute(tx);
}
