import { sql } from 'kysely';
import { type ClockRule, deletedAhead, stampedRows } from '#platform/clock-step';
import { stepSecondsMin } from '#platform/clock-steps-store';
import { rollupMinutes } from './history/rollup.ts';
import { settleMs } from './upkeep/rollup-job.ts';

const minuteMs = 60_000;
/** The oldest heartbeat in the future shows when the clock began to be wrong; without one, this long ago. */
const wrongMsGuess = 3_600_000;

/** Sums are made again from where the clock began to be wrong: hours that have not happened are not done. */
const rollups: ClockRule = {
  table: 'rollup_progress',
  columns: ['upto'],
  past: ['upto'],
  async heal(tx, { now, shiftMs }) {
    const { rows: progress } = await sql<{ minutes: number }>`
      select minutes from rollup_progress where upto > ${now} for update`.execute(tx);
    if (progress.length === 0) return 0;
    const { rows } = await sql<{ first: Date | null }>`
      select min(at) as first from heartbeats where at > ${new Date(now.getTime() + stepSecondsMin * 1000)}`.execute(
      tx,
    );
    const first = rows[0]?.first?.getTime();
    const wrongSince = first === undefined ? now.getTime() - wrongMsGuess : first - shiftMs;
    // All of them: an hour is built from its five minutes, a day from its hours.
    for (const minutes of rollupMinutes) {
      const size = minutes * minuteMs;
      const upto = new Date(Math.floor((wrongSince - settleMs) / size) * size);
      await sql`update rollup_progress set upto = least(upto, ${upto}::timestamptz) where minutes = ${minutes}`.execute(
        tx,
      );
    }
    return progress.length;
  },
};

/** Counts of a minute are moved by whole minutes, and added to what is there. */
const eventCounts: ClockRule = {
  table: 'event_counts',
  columns: ['bucket'],
  past: ['bucket'],
  async heal(tx, { now, shiftMs }) {
    const { numAffectedRows } = await sql`
      with moved as (
        delete from event_counts where bucket > ${now} returning *
      )
      insert into event_counts as c (organization_id, bucket, type, site_id, device_id, successes, failures, amount)
      select organization_id, date_trunc('minute', least(bucket - make_interval(secs => ${shiftMs / 1000}::float8), ${now}::timestamptz), 'UTC'),
        type, site_id, device_id, sum(successes)::int, sum(failures)::int, sum(amount)
      from moved group by 1, 2, 3, 4, 5
      on conflict (organization_id, type, bucket, site_id, device_id) do update set
        successes = c.successes + excluded.successes, failures = c.failures + excluded.failures, amount = c.amount + excluded.amount`.execute(
      tx,
    );
    return Number(numAffectedRows ?? 0);
  },
};

export const telemetryClockRules: readonly ClockRule[] = [
  // First: it asks the raw rows when the clock began to be wrong.
  rollups,
  deletedAhead('heartbeat_rollups', 'bucket'),
  deletedAhead('rollup_dirty', 'bucket'),
  stampedRows({ table: 'heartbeats', past: ['at'] }),
  stampedRows({ table: 'heartbeats_late', past: ['at'] }),
  stampedRows({ table: 'device_state', past: ['last_seen_at', 'status_since'] }),
  stampedRows({ table: 'device_status_changes', past: ['at'] }),
  stampedRows({ table: 'heartbeat_days', past: ['compacted_at'] }),
  stampedRows({ table: 'events', past: ['received_at', 'occurred_at'] }),
  stampedRows({ table: 'event_keys', past: ['received_at'] }),
  stampedRows({ table: 'metric_points', past: ['received_at', 'at'] }),
  eventCounts,
  stampedRows({ table: 'past_silences', past: ['started_at', 'ended_at'] }),
  stampedRows({ table: 'late_spans', past: ['started_at', 'ended_at', 'noted_at'] }),
];
