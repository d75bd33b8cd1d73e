import { freemem, loadavg, totalmem } from 'node:os';
import { checkClock } from '#platform/clock-step';
import type { Ctx } from '#platform/context';
import { lookAtStorage } from '#platform/db/storage';
import type { HealthCheck, HealthChecks, HealthSection, HealthStatus } from '#platform/health';
import { overdueWork } from '#platform/outbound/signal';

const silentDatabase = 'The database does not answer.';
const databaseSlowMs = 250;
/** The beat comes every half second. Without a beat for this long, the loop hangs or the database is gone. */
export const staleBeatMs = 30_000;
/**
 * Periodic work must have ended within this many of its own intervals, or within `staleWorkMsMin` if that is longer.
 */
const staleWorkMsMin = 60_000;
const memoryWarnRatio = 0.95;

export async function checkDatabase(ctx: Ctx): Promise<HealthCheck> {
  try {
    const ms = await ctx.db.health.ping();
    const slow = ms > databaseSlowMs;
    return {
      status: slow ? 'warn' : 'pass',
      ...(slow ? { output: `The database answers slowly (${Math.round(ms)} ms).` } : {}),
      observed_value: Math.round(ms * 10) / 10,
      observed_unit: 'ms',
    };
  } catch {
    return { status: 'fail', output: silentDatabase };
  }
}

/** Whether the database can still store new data. */
export async function checkStorage(ctx: Ctx): Promise<HealthCheck> {
  const { status, output, freeBytes } = await lookAtStorage(ctx);
  return {
    status,
    ...(output === null ? {} : { output }),
    ...(freeBytes === null
      ? {}
      : { observed_value: Math.round(freeBytes / 1_048_576), observed_unit: 'MiB free' }),
  };
}

/** What modules report about their own work. Read in parallel, because without a database each of them waits. */
export async function checkSections(ctx: Ctx, sections: readonly HealthSection[]): Promise<HealthChecks> {
  const checks = await Promise.all(
    sections.map(async ({ name, look }) => {
      const check = await look(ctx).catch((): HealthCheck => ({ status: 'fail', output: silentDatabase }));
      return [name, check] as const;
    }),
  );
  return Object.fromEntries(checks);
}

/** Faults that should be seen, but do not take the process out of service. */
export function asWarnings(checks: HealthChecks): HealthChecks {
  const soften = (check: HealthCheck): HealthCheck =>
    check.status === 'fail' ? { ...check, status: 'warn' } : check;
  return Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, soften(check)]));
}

/**
 * Work of this process that still runs after its deadline. Its place was freed, but the reason why it hangs must be
 * found.
 */
export function checkDeadlines(now = performance.now()): HealthCheck {
  const overdue = [...overdueWork(now)];
  const count = overdue.reduce((sum, [, one]) => sum + one, 0);
  const observed = { observed_value: count, observed_unit: 'overdue' };
  if (count === 0) return { status: 'pass', ...observed };
  const what = overdue.map(([name, one]) => `${one} of "${name}"`).join(', ');
  return {
    status: 'warn',
    output: `Work did not end by its deadline, and this process no longer waits for it: ${what}. A restart of the process clears this.`,
    ...observed,
  };
}

/** Whether the clock that everything uses can be trusted. */
export async function checkClockOf(ctx: Ctx): Promise<HealthCheck> {
  try {
    return await checkClock(ctx);
  } catch {
    return { status: 'fail', output: silentDatabase };
  }
}

/**
 * The watch loop: beats of intake processes, periodic work of workers. It needs no database, so the liveness probe can
 * use it.
 */
export function checkWatch(ctx: Ctx): HealthCheck {
  const { process } = ctx;
  if (process.role !== 'worker') {
    const silentMs = performance.now() - process.lastBeat;
    if (silentMs > staleBeatMs)
      return {
        status: 'fail',
        output: `The watch has not been recorded for ${Math.round(silentMs / 1000)} s.`,
      };
  }
  if (process.role !== 'api') {
    const newest = Math.max(process.startedMonotonic, ...process.finishedAt.values());
    const limitMs = Math.max(staleWorkMsMin, ctx.config.alerting.checkIntervalSeconds * 3000);
    if (ctx.clock.monotonic() - newest > limitMs)
      return { status: 'fail', output: 'The alert sweep has not run for too long.' };
  }
  return { status: 'pass' };
}

export function checkSystem(): HealthChecks {
  const memory = process.memoryUsage();
  const used = 1 - freemem() / totalmem();
  return {
    'memory:rss': {
      status: 'pass',
      observed_value: Math.round(memory.rss / 1_048_576),
      observed_unit: 'MiB',
    },
    'memory:host': {
      status: used > memoryWarnRatio ? 'warn' : 'pass',
      observed_value: Math.round(used * 100),
      observed_unit: '%',
    },
    'cpu:load': {
      status: 'pass',
      observed_value: Math.round((loadavg()[0] ?? 0) * 100) / 100,
      observed_unit: 'processes',
    },
    uptime: { status: 'pass', observed_value: Math.round(process.uptime()), observed_unit: 's' },
  };
}

export function worst(checks: HealthChecks): HealthStatus {
  const statuses = Object.values(checks).map((check) => check.status);
  if (statuses.includes('fail')) return 'fail';
  return statuses.includes('warn') ? 'warn' : 'pass';
}
