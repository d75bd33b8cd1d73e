import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

export interface DeviceCount {
  organization_id: string;
  device_key: number;
  records: number;
}

/** The next devices in order of key, whether or not they have rows that day. */
export async function nextDevices(tx: Tx, after: number, limit: number): Promise<number[]> {
  const { rows } = await sql<{ key: number }>`
    select device_key as key from device_state where device_key > ${after} order by device_key limit ${limit}`.execute(
    tx,
  );
  return rows.map((row) => row.key);
}

export async function countRecords(
  tx: Tx,
  deviceKeys: readonly number[],
  from: Date,
  to: Date,
): Promise<DeviceCount[]> {
  const { rows } = await sql<DeviceCount>`
    select organization_id, device_key, count(*)::int as records from heartbeats
    where device_key = any(${deviceKeys}::int[]) and at >= ${from} and at < ${to}
    group by 1, 2 order by device_key`.execute(tx);
  return rows;
}

/** Raw rows of a day that is over: nothing is added to them any more. */
export async function selectOpen(
  tx: Tx,
  deviceKeys: readonly number[],
  from: Date,
  to: Date,
): Promise<{ device_key: number; at: Date; body: Buffer }[]> {
  const { rows } = await sql<{ device_key: number; at: Date; body: Buffer }>`
    select device_key, at, body from heartbeats
    where device_key = any(${deviceKeys}::int[]) and at >= ${from} and at < ${to}`.execute(tx);
  return rows;
}

export async function lastPacked(tx: Tx, day: string): Promise<number> {
  const { rows } = await sql<{ key: number | null }>`
    select max(device_key) as key from heartbeat_chunks where day = ${day}::date`.execute(tx);
  return rows[0]?.key ?? 0;
}

export interface NewChunk {
  organization_id: string;
  device_key: number;
  records: number;
  body: Buffer;
}

export async function upsertChunks(tx: Tx, day: string, chunks: readonly NewChunk[]): Promise<void> {
  if (chunks.length === 0) return;
  await sql`
    insert into heartbeat_chunks (day, organization_id, device_key, records, body)
    select ${day}::date, * from unnest(${chunks.map((chunk) => chunk.organization_id)}::uuid[],
      ${chunks.map((chunk) => chunk.device_key)}::int[], ${chunks.map((chunk) => chunk.records)}::int[],
      ${chunks.map((chunk) => chunk.body)}::bytea[])
    on conflict (device_key, day) do update set records = excluded.records, body = excluded.body`.execute(tx);
}

export async function markPacked(tx: Tx, day: string, at: Date): Promise<void> {
  await sql`insert into heartbeat_days (day, compacted_at) values (${day}::date, ${at}) on conflict do nothing`.execute(
    tx,
  );
}

export interface LateDay {
  organization_id: string;
  device_key: number;
  day: string;
}

/** Days of devices whose chunk lacks rows that came late. */
export async function selectLateDays(tx: Tx, limit: number): Promise<LateDay[]> {
  const { rows } = await sql<LateDay>`
    select distinct l.organization_id, l.device_key, d.day::text as day
    from heartbeats_late l join heartbeat_days d on d.day = (l.at at time zone 'UTC')::date
    order by 2, 3 limit ${limit}`.execute(tx);
  return rows;
}

/** Deletes exactly these rows; a row that arrives in the meantime stays for the next turn. */
export async function takeLate(
  tx: Tx,
  deviceKey: number,
  from: Date,
  to: Date,
): Promise<{ at: Date; body: Buffer }[]> {
  const { rows } = await sql<{ at: Date; body: Buffer }>`
    delete from heartbeats_late where device_key = ${deviceKey} and at >= ${from} and at < ${to}
    returning at, body`.execute(tx);
  return rows;
}

export async function lockChunk(tx: Tx, deviceKey: number, day: string): Promise<Buffer | undefined> {
  const { rows } = await sql<{ body: Buffer }>`
    select body from heartbeat_chunks where device_key = ${deviceKey} and day = ${day}::date for update`.execute(
    tx,
  );
  return rows[0]?.body;
}

export async function forgetPacked(tx: Tx, before: string): Promise<void> {
  await sql`delete from heartbeat_days where day < ${before}::date`.execute(tx);
}
