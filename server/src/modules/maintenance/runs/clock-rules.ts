import { sql } from 'kysely';
import type { ClockRule, ClockStep } from '#platform/clock-step';
import { back, healRows, stampedRows } from '#platform/clock-step';
import type { Tx } from '#platform/db/database';
import { nextOccurrence, type Occurrence } from '../calendar/occurrences.ts';
import { lockPassed, lockWindows, setCurrent } from '../windows/store.ts';
import type { Window } from '../windows/window.ts';

interface WrongRun {
  id: string;
  window_id: string;
  started_at: Date;
  planned_end_at: Date;
  /** It ended by the schedule, not by hand. */
  by_schedule: boolean;
}

/**
 * Runs in the future have not happened, and runs that ended in the future go on. Each of their windows is set to its
 * state at the current time. Muting and screens follow with the next turn.
 */
export const maintenanceClockRules: readonly ClockRule[] = [
  {
    table: 'maintenance_runs',
    columns: ['started_at', 'ended_at', 'reported_at'],
    past: ['started_at', 'ended_at', 'reported_at'],
    async heal(tx, step) {
      const { rows } = await sql<WrongRun>`
        select id, window_id, started_at, planned_end_at, coalesce(end_cause = 'schedule', true) as by_schedule
        from maintenance_runs where started_at > ${step.now} or ended_at > ${step.now} order by started_at limit ${healRows}`.execute(
        tx,
      );
      const runs = Map.groupBy(rows, (run) => run.window_id);
      for (const window of await lockWindows(tx, [...runs.keys()]))
        await putBack(tx, step, window, runs.get(window.id) ?? []);
      return rows.length;
    },
  },
  stampedRows({ table: 'maintenance_run_covers', past: ['from_at', 'to_at'] }),
  {
    // Occurrences that began and ended between two turns while the clock was ahead have no run.
    table: 'maintenance_windows',
    columns: ['current_start', 'current_end'],
    past: [],
    async heal(tx, { now }) {
      let moved = 0;
      for (const window of await lockPassed(tx, now, healRows)) {
        const next = await nextOf(tx, window, now);
        if (next === null || (window.current !== null && window.current.start <= next.start)) continue;
        await setCurrent(tx, window.id, next, null);
        moved += 1;
      }
      return moved;
    },
  },
];

async function putBack(
  tx: Tx,
  { now, shiftMs }: ClockStep,
  window: Window,
  runs: readonly WrongRun[],
): Promise<void> {
  const early = runs.filter((run) => run.started_at > now).map((run) => run.id);
  await sql`delete from maintenance_runs where id = any(${early}::uuid[])`.execute(tx);
  await sql`update maintenance_runs set ended_at = least(${back(sql`ended_at`, shiftMs)}, ${now}::timestamptz)
    where window_id = ${window.id} and ended_at > ${now} and end_cause <> 'schedule'`.execute(tx);
  const going = runs.find((run) => run.started_at <= now && run.by_schedule);
  if (going !== undefined) {
    await sql`update maintenance_runs set ended_at = null, end_cause = null, ended_by = null, report = null, reported_at = null
      where id = ${going.id}`.execute(tx);
    await setCurrent(tx, window.id, { start: going.started_at, end: going.planned_end_at }, going.id);
    return;
  }
  if (window.runId !== null && !early.includes(window.runId)) return;
  await setCurrent(tx, window.id, await nextOf(tx, window, now), null);
}

/** An occurrence that was ended early by hand stays ended. */
async function nextOf(tx: Tx, window: Window, now: Date): Promise<Occurrence | null> {
  const { rows } = await sql<{ ended: Date | null }>`
    select max(ended_at) as ended from maintenance_runs where window_id = ${window.id} and ended_at <= ${now}`.execute(
    tx,
  );
  return nextOccurrence(window, now, rows[0]?.ended ?? undefined) ?? null;
}
