import type { Ctx } from '#platform/context';
import type { HealthCheck } from '#platform/health';
import { calendarFault } from '../calendar/occurrences.ts';
import { selectResting } from '../windows/store.ts';

/** At most this many windows are read. Those that changed last come first. */
const looksMax = 1_000;

/** Whether every recurring window can be read, for the whole installation, without names. */
export async function checkCalendars(ctx: Pick<Ctx, 'db'>): Promise<HealthCheck> {
  // Across tenants: one figure for the installation.
  const resting = await ctx.db.system((tx) => selectResting(tx, looksMax));
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
