import { sql } from 'kysely';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { HealthCheck } from '#platform/health';
import { calendarFault, type Schedule } from '../calendar/occurrences.ts';

/** At most this many windows are read. Those that changed last come first. */
const looksMax = 1_000;

/** Whether every recurring window can be read, for the whole installation, without names. */
export async function checkCalendars(ctx: Pick<Ctx, 'db'>): Promise<HealthCheck> {
  // Across tenants: one figure for the installation.
  const resting = await ctx.db.system(selectResting);
  const faulty = resting.filter((schedule) => calendarFault(schedule) !== null).length;
  const observed = { observed_value: faulty, observed_unit: 'unreadable' };
  if (faulty === 0) return { status: 'pass', ...observed };
  const many = faulty === 1 ? '1 maintenance window' : `${faulty} maintenance windows`;
  return {
    status: 'warn',
    output: `The calendar of ${many} cannot be read, so nothing is muted: see Maintenance.`,
    ...observed,
  };
}

/** Recurring windows without a next occurrence: they are over, or they cannot be read. */
async function selectResting(tx: Tx): Promise<Schedule[]> {
  const { rows } = await sql<{
    start_at: Date;
    end_at: Date;
    timezone: string;
    recurrence: string;
    wall_start: string | null;
    wall_end: string | null;
  }>`
    select start_at, end_at, timezone, recurrence, wall_start, wall_end from maintenance_windows
    where deleted_at is null and current_start is null and recurrence is not null
    order by updated_at desc limit ${looksMax}`.execute(tx);
  return rows.map((row) => ({
    startAt: row.start_at,
    endAt: row.end_at,
    timezone: row.timezone,
    recurrence: row.recurrence,
    wall:
      row.wall_start === null || row.wall_end === null ? null : { start: row.wall_start, end: row.wall_end },
  }));
}
