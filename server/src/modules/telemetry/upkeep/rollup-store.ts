import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

/** Takes the turn for one resolution; undefined while another process has it. */
export async function lockProgress(tx: Tx, minutes: number, start: Date): Promise<Date | undefined> {
  await sql`insert into rollup_progress (minutes, upto) values (${minutes}, ${start}) on conflict do nothing`.execute(
    tx,
  );
  const { rows } = await sql<{ upto: Date }>`
    select upto from rollup_progress where minutes = ${minutes} for update skip locked`.execute(tx);
  return rows[0]?.upto;
}

export async function readProgress(tx: Tx, minutes: number): Promise<Date | undefined> {
  const { rows } = await sql<{
    upto: Date;
  }>`select upto from rollup_progress where minutes = ${minutes}`.execute(tx);
  return rows[0]?.upto;
}

export async function saveProgress(tx: Tx, minutes: number, upto: Date): Promise<void> {
  await sql`update rollup_progress set upto = ${upto} where minutes = ${minutes}`.execute(tx);
}

export async function hasHeartbeats(tx: Tx, from: Date, to: Date): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from heartbeats where at >= ${from} and at < ${to}) as found`.execute(tx);
  return rows[0]?.found === true;
}

export interface SourceRow {
  organization_id: string;
  device_key: number;
  at: Date;
  body: Buffer;
}

const cursorName = 'rollup_source';

/** All devices' raw rows of a window, device by device in order of time, read through a cursor. */
export async function openRawCursor(tx: Tx, from: Date, to: Date): Promise<void> {
  await sql`declare ${sql.ref(cursorName)} no scroll cursor for
    select organization_id, device_key, at, body from heartbeats
    where at >= ${sql.lit(from.toISOString())} and at < ${sql.lit(to.toISOString())}
    order by device_key, at`.execute(tx);
}

/** The same of stored rollups of one resolution. */
export async function openRollupCursor(tx: Tx, minutes: number, from: Date, to: Date): Promise<void> {
  await sql`declare ${sql.ref(cursorName)} no scroll cursor for
    select organization_id, device_key, bucket as at, body from heartbeat_rollups
    where minutes = ${sql.lit(minutes)} and bucket >= ${sql.lit(from.toISOString())}
      and bucket < ${sql.lit(to.toISOString())}
    order by device_key, bucket`.execute(tx);
}

export async function fetchCursor(tx: Tx, rows: number): Promise<SourceRow[]> {
  return (await sql<SourceRow>`fetch ${sql.lit(rows)} from ${sql.ref(cursorName)}`.execute(tx)).rows;
}

export async function closeCursor(tx: Tx): Promise<void> {
  await sql`close ${sql.ref(cursorName)}`.execute(tx);
}

export interface StoredRollup {
  organization_id: string;
  device_key: number;
  bucket: Date;
  body: Buffer;
}

export async function upsertRollups(tx: Tx, minutes: number, rows: readonly StoredRollup[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into heartbeat_rollups (bucket, organization_id, device_key, minutes, body)
    select t.bucket, t.organization_id, t.device_key, ${minutes}, t.body
    from unnest(${rows.map((row) => row.bucket)}::timestamptz[], ${rows.map((row) => row.organization_id)}::uuid[],
      ${rows.map((row) => row.device_key)}::int[], ${rows.map((row) => row.body)}::bytea[])
      as t(bucket, organization_id, device_key, body)
    on conflict (device_key, minutes, bucket) do update set body = excluded.body`.execute(tx);
}

export interface DirtyRow {
  organization_id: string;
  device_key: number;
  bucket: Date;
}

/** Takes stale buckets of one resolution that are stored already; those of removed devices just go. */
export async function takeDirty(tx: Tx, minutes: number, upto: Date, limit: number): Promise<DirtyRow[]> {
  const { rows } = await sql<DirtyRow>`
    with taken as (
      delete from rollup_dirty where (device_key, minutes, bucket) in (
        select device_key, minutes, bucket from rollup_dirty
        where minutes = ${minutes} and bucket < ${upto} order by device_key, bucket limit ${limit} for update skip locked)
      returning device_key, bucket
    )
    select s.organization_id, t.device_key, t.bucket from taken t join device_state s on s.device_key = t.device_key
    order by t.device_key, t.bucket`.execute(tx);
  return rows;
}

export async function insertDirty(
  tx: Tx,
  minutes: number,
  marks: readonly { device_key: number; bucket: Date }[],
): Promise<void> {
  if (marks.length === 0) return;
  await sql`
    insert into rollup_dirty (device_key, minutes, bucket)
    select distinct device_key, ${minutes}::smallint, bucket
    from unnest(${marks.map((mark) => mark.device_key)}::int[], ${marks.map((mark) => mark.bucket)}::timestamptz[])
      as t(device_key, bucket)
    order by 1, 3
    on conflict do nothing`.execute(tx);
}
