import { sql } from 'kysely';
import type { Tx } from './db/database.ts';

/** A smaller difference between two beats is no step of the clock: it is caught up by itself. */
export const stepSecondsMin = 2.5;
/** Steps within this time of each other are one: processes follow the clock one after the other. */
const sameStepSeconds = 60;
/** And by about as much: another step puts other rows wrong. */
const sameStepMs = 5_000;
/** A step is told in health for so long. */
export const recentStepSeconds = 3_600;

/** The clock went back by `aheadMs`. Told once, whoever notices it first. */
export async function noteStep(tx: Tx, now: Date, aheadMs: number): Promise<void> {
  const since = new Date(now.getTime() - sameStepSeconds * 1000);
  await sql`
    with same as (
      update clock_steps set ahead_ms = greatest(ahead_ms, ${aheadMs}), healed_at = null
      where noticed_at between ${since} and ${now} and abs(ahead_ms - ${aheadMs}::float8) < ${sameStepMs} returning id
    )
    insert into clock_steps (noticed_at, ahead_ms) select ${now}::timestamptz, ${aheadMs}::float8 where not exists (select from same)`.execute(
    tx,
  );
}
