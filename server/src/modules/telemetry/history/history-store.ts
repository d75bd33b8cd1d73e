import { sql } from 'kysely';
import { deviceRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';

/** One heartbeat, or (`at` null) a device's whole packed day. */
export interface HistoryRow {
  device_key: number;
  at: Date | null;
  body: Buffer;
}

/**
 * Everything that touches the window, in every form: raw rows, late ones beside them, and packed days,
 * which count from the moment their raw rows were dropped. One statement, so one snapshot: a day that is
 * being packed is seen in exactly one form. `limit` bounds the raw rows, earliest first.
 */
export async function selectHistory(
  tx: Tx,
  deviceKeys: readonly number[],
  from: Date,
  to: Date,
  limit: number | null,
): Promise<HistoryRow[]> {
  const { rows } = await sql<HistoryRow>`
    (select device_key, at, body from (
        select device_key, at, body from heartbeats
        where device_key = any(${deviceKeys}::int[]) and at >= ${from} and at < ${to}
        union all
        select device_key, at, body from heartbeats_late
        where device_key = any(${deviceKeys}::int[]) and at >= ${from} and at < ${to}) as raw
      order by at limit ${limit})
    union all
    select c.device_key, null, c.body
    from heartbeat_chunks c join heartbeat_days d on d.day = c.day
    where c.device_key = any(${deviceKeys}::int[])
      and c.day >= (${from}::timestamptz at time zone 'UTC')::date
      and c.day <= ((${to}::timestamptz - interval '1 microsecond') at time zone 'UTC')::date`.execute(tx);
  return rows;
}

export async function deviceKeyOf(
  tx: Tx,
  organizationId: string,
  deviceId: string,
): Promise<number | undefined> {
  const { rows } = await sql<{ key: number }>`
    select key from ${deviceRows} d where organization_id = ${organizationId} and id = ${deviceId}`.execute(
    tx,
  );
  return rows[0]?.key;
}

export interface RollupRow {
  device_key: number;
  bucket: Date;
  body: Buffer;
}

export async function selectRollups(
  tx: Tx,
  deviceKey: number,
  minutes: number,
  from: Date,
  to: Date,
): Promise<RollupRow[]> {
  const { rows } = await sql<RollupRow>`
    select device_key, bucket, body from heartbeat_rollups
    where device_key = ${deviceKey} and minutes = ${minutes} and bucket >= ${from} and bucket < ${to}
    order by bucket`.execute(tx);
  return rows;
}
