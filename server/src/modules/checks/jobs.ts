import { isClockSure } from '#platform/clock-step';
import type { Ctx } from '#platform/context';
import { defineReading, only } from '#platform/metric-readings';
import type { PeriodicWork } from '#platform/periodic';
import type { ServiceLook } from '#platform/services';
import { addDay, type Backlog, clearLeases, dropDaysBefore, readBacklog } from './engine/store.ts';
import { purgeLogs } from './pings/retention.ts';
import { followAll } from './verdict/follow-verdict.ts';

const dayMs = 86_400_000;
/** Result partitions that are created ahead, in days, so that midnight causes no extra work. */
const daysAhead = 2;
const keepDaysSeconds = 3_600;
const watchSeconds = 15;
/** When a due check waits for longer than this, no worker is running checks. */
const staleSeconds = 30;
const verdictSeconds = 60;

export interface SchedulerHealth {
  readonly status: 'pass' | 'warn' | 'fail';
  readonly output?: string;
  readonly observed_value: number;
  readonly observed_unit: string;
}

/** Whether checks run on time. Read from the database, so that any process can tell. */
export async function checkScheduler(ctx: Pick<Ctx, 'db' | 'clock'>): Promise<SchedulerHealth> {
  const now = new Date(ctx.clock.now());
  // Across tenants: one figure for the install.
  return healthOf(await ctx.db.system((tx) => readBacklog(tx, now, staleSeconds)));
}

function healthOf(backlog: Backlog): SchedulerHealth {
  const observed = { observed_value: inTenths(backlog.oldestSeconds), observed_unit: 's late' };
  if (backlog.overdue === 0) return { status: 'pass', ...observed };
  return { status: 'fail', output: backlogWords(backlog), ...observed };
}

/** The same, as one of Watchkeeper's own services. */
export const checkService: ServiceLook = {
  service: 'checks',
  async look(_ctx, tx, now) {
    const health = healthOf(await readBacklog(tx, now, staleSeconds));
    const { status, output = null, observed_value: value, observed_unit: unit } = health;
    return { status, output, value, unit };
  },
};

/** For `/metrics`. */
export const checkMetrics = defineReading({
  name: 'checks',
  gauges: { check_oldest_due_seconds: { help: 'How late the most overdue check is.' } },
  async read(_ctx, tx, now) {
    const { oldestSeconds } = await readBacklog(tx, now, staleSeconds);
    return { check_oldest_due_seconds: only(inTenths(oldestSeconds)) };
  },
});

function inTenths(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

function backlogWords({ overdue, oldestSeconds, workers }: Backlog): string {
  const many = overdue === 1 ? '1 check is' : `${overdue} checks are`;
  const who = workers === 0 ? 'no worker runs checks' : 'the workers do not keep up';
  return `${many} overdue, the oldest by ${Math.round(oldestSeconds)} s: ${who}.`;
}

export async function keepResultDays(ctx: Pick<Ctx, 'db' | 'clock' | 'config' | 'process'>): Promise<void> {
  const now = ctx.clock.now();
  // Across tenants: a partition holds one day of all organizations.
  for (let ahead = -1; ahead <= daysAhead; ahead += 1)
    await ctx.db.system((tx) => addDay(tx, dayText(now + ahead * dayMs)));
  if (!isClockSure(ctx)) return;
  const firstKept = dayText(now - ctx.config.checks.resultsRetentionDays * dayMs);
  await ctx.db.system((tx) => dropDaysBefore(tx, firstKept));
}

function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

async function watchScheduler(ctx: Ctx): Promise<void> {
  // Across tenants: leases belong to workers.
  const cleared = await ctx.db.system((tx) => clearLeases(tx, new Date(ctx.clock.now())));
  if (cleared > 0) ctx.log.warn({ checks: cleared }, 'leases of checks had expired and were cleared');
  const health = await checkScheduler(ctx);
  if (health.status !== 'pass') ctx.log.error({ lateSeconds: health.observed_value }, health.output);
}

const logsSeconds = 3_600;

export const checksPeriodic: readonly PeriodicWork[] = [
  { name: 'checks.logs', everySeconds: () => logsSeconds, ends: true, run: purgeLogs },
  { name: 'checks.days', everySeconds: () => keepDaysSeconds, run: keepResultDays },
  { name: 'checks.watch', everySeconds: () => watchSeconds, run: watchScheduler },
  { name: 'checks.verdicts', everySeconds: () => verdictSeconds, run: followAll },
];
