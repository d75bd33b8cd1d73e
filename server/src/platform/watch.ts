import { sql } from 'kysely';
import { noteStep, stepSecondsMin } from './clock-steps-store.ts';
import type { Tx } from './db/database.ts';

/** A longer gap between beats is an outage of our own. */
export const watchGapSeconds = 2.5;
/** How often every process that receives heartbeats writes a beat. */
export const watchBeatSeconds = 0.5;

export interface WatchState {
  /** Silence before this time may be our own outage, so it does not count against a device. */
  watchingSince: Date;
  /** Whether a process that receives heartbeats has written a beat within the last `watchGapSeconds`. */
  intakeUp: boolean;
}

/** Read for every decision about absence. Invariant 3: our own downtime never counts as a device's. */
export async function readWatch(tx: Tx, now: Date): Promise<WatchState & { lastBeatAt: Date }> {
  const { rows } = await sql<{ watching_since: Date; last_beat_at: Date }>`
    select watching_since, last_beat_at from watch_state`.execute(tx);
  const row = rows[0];
  if (row === undefined) return { watchingSince: now, intakeUp: false, lastBeatAt: now };
  return {
    watchingSince: row.watching_since,
    intakeUp: now.getTime() - row.last_beat_at.getTime() <= watchGapSeconds * 1000,
    lastBeatAt: row.last_beat_at,
  };
}

/**
 * Writes one beat of a process that receives heartbeats. A gap since the last beat of any such process moves
 * `watching_since`, so that absence is judged only after a full interval of real watching. The gap is also stored, for
 * later judgements of the past. A last beat in the future was stamped before the clock went back. It is noticed here
 * and corrected with all other rows.
 */
export async function beatWatch(tx: Tx, now: Date): Promise<void> {
  const { rows } = await sql<{ ahead: number }>`
    with before as (
      select last_beat_at from watch_state for update
    ), gap as (
      insert into watch_gaps (started_at, ended_at)
      select last_beat_at, ${now} from before
      where extract(epoch from ${now}::timestamptz - last_beat_at) > ${watchGapSeconds}::float8
      on conflict (started_at) do update set ended_at = greatest(watch_gaps.ended_at, excluded.ended_at)
    ), beat as (
      insert into watch_state (watching_since, last_beat_at) values (${now}, ${now})
      on conflict (singleton) do update set
        watching_since = case
          when abs(extract(epoch from excluded.last_beat_at - watch_state.last_beat_at)) > ${watchGapSeconds}::float8
            then excluded.last_beat_at
          else watch_state.watching_since end,
        last_beat_at = case
          when watch_state.last_beat_at > excluded.last_beat_at + make_interval(secs => ${stepSecondsMin})
            then excluded.last_beat_at
          else greatest(watch_state.last_beat_at, excluded.last_beat_at) end
    )
    select extract(epoch from last_beat_at - ${now}::timestamptz)::float8 as ahead from before`.execute(tx);
  const ahead = rows[0]?.ahead ?? 0;
  if (ahead > stepSecondsMin) await noteStep(tx, now, ahead * 1000);
}
