import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

/** Waiting longer for the lock would make intake wait behind us; the next turn tries again. */
const lockTimeout = '2s';

export async function addDay(tx: Tx, table: string, day: string): Promise<void> {
  await sql`select telemetry_add_day(${table}, ${day}::date)`.execute(tx);
}

/** Days from `first` up to, not including, `end`. */
export async function dropDays(tx: Tx, table: string, first: string, end: string): Promise<number> {
  await sql`select set_config('lock_timeout', ${lockTimeout}, true)`.execute(tx);
  const { rows } = await sql<{ dropped: number }>`
    select telemetry_drop_days(${table}, ${first}::date, ${end}::date) as dropped`.execute(tx);
  return rows[0]?.dropped ?? 0;
}

export async function listDays(tx: Tx, table: string): Promise<string[]> {
  const { rows } = await sql<{ day: string }>`select telemetry_days(${table})::text as day`.execute(tx);
  return rows.map((row) => row.day);
}
