import { sql } from 'kysely';
import type { Tx } from './db/database.ts';

/** A smaller difference between two beats is not a step: it corrects itself. */
export const stepSecondsMin = 2.5;
/** Steps within this time of each other are one step: processes follow the clock one after the other. */
const sameStepSeconds = 60;
/** They must also be of about the same size; another step makes other rows wrong. */
const sameStepMs = 5_000;
/** A step is reported in health for this long. */
export const recentStepSeconds = 3_600;

/** The clock went back by `aheadMs`. Recorded once, whichever process notices it first. */
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
