import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

export interface RawHistoryRow {
  device_key: number;
  at: Date;
  body: Buffer;
}

/** Rows not packed yet: open days, days whose packing is under way, and late ones of closed days. In no order. */
export async function selectRaw(
  tx: Tx,
  deviceKeys: readonly number[],
  from: Date,
  to: Date,
): Promise<RawHistoryRow[]> {
  const { rows } = await sql<RawHistoryRow>`
    select device_key, at, body from heartbeats
    where device_key = any(${deviceKeys}::int[]) and at >= ${from} and at < ${to}
    union all
    select device_key, at, body from heartbeats_late
    where device_key = any(${deviceKeys}::int[]) and at >= ${from} and at < ${to}`.execute(tx);
  return rows;
}

export interface ChunkRow {
  device_key: number;
  day: string;
  records: number;
  body: Buffer;
}

/** Packed days that touch the window; a day counts from the moment its raw rows were dropped. */
export async function selectChunks(
  tx: Tx,
  deviceKeys: readonly number[],
  from: Date,
  to: Date,
): Promise<ChunkRow[]> {
  const { rows } = await sql<ChunkRow>`
    select c.device_key, c.day::text as day, c.records, c.body
    from heartbeat_chunks c join heartbeat_days d on d.day = c.day
    where c.device_key = any(${deviceKeys}::int[])
      and c.day >= (${from}::timestamptz at time zone 'UTC')::date and c.day <= (${to}::timestamptz at time zone 'UTC')::date
    order by c.device_key, c.day`.execute(tx);
  return rows;
}

export async function deviceKeyOf(
  tx: Tx,
  organizationId: string,
  deviceId: string,
): Promise<number | undefined> {
  const { rows } = await sql<{ key: number }>`
    select key from devices where organization_id = ${organizationId} and id = ${deviceId}`.execute(tx);
  return rows[0]?.key;
}
