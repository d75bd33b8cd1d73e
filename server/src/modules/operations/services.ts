import type { OwnService, ServiceName, ServiceStatus } from '@watchkeeper/contracts/operations';
import { checkScheduler } from '#modules/checks';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { lookAtStorage } from '#platform/db/storage';
import { readWatch } from '#platform/watch';
import { findHome, isOwnSource } from './home.ts';
import { readLatest } from './series-store.ts';
import { type Look, readPeriodicWork, readQueue } from './store.ts';

/** The present status of one of Watchkeeper's own services. */
export interface Found {
  readonly service: ServiceName;
  readonly status: ServiceStatus;
  readonly output: string | null;
  readonly value: number | null;
  readonly unit: string | null;
}

export const serviceTitles: Readonly<Record<ServiceName, string>> = {
  database: 'Database',
  intake: 'Intake of heartbeats',
  detection: 'Detection',
  jobs: 'Background jobs',
  checks: 'Checks',
  hosts: 'Hosts',
};

const databaseSlowMs = 250;
const jobsLateSeconds = 60;
const jobsStuckSeconds = 300;
/** The sweep must have ended within this many of its intervals, or within `sweepSecondsMin` if that is longer. */
const sweepIntervals = 3;
const sweepSecondsMin = 60;

/** Checks every service now. Reads from the database, so that any process can report all of them. */
export async function lookAtServices(ctx: Ctx): Promise<Found[]> {
  const database = await lookAtDatabase(ctx);
  if (database.value === null) return [database];
  const now = new Date(ctx.clock.now());
  const checks = await checkScheduler(ctx);
  // Across tenants: services belong to the installation.
  const others = await ctx.db.system(async (tx) => [
    await lookAtIntake(tx, now),
    await lookAtDetection(ctx, tx, now),
    await lookAtJobs(tx),
    await lookAtHosts(ctx, tx, now),
  ]);
  return [
    database,
    ...others,
    {
      service: 'checks',
      status: checks.status,
      output: checks.output ?? null,
      value: checks.observed_value,
      unit: checks.observed_unit,
    },
  ];
}

async function lookAtDatabase(ctx: Pick<Ctx, 'db' | 'config'>): Promise<Found> {
  try {
    const ms = Math.round((await ctx.db.health.ping()) * 10) / 10;
    const slow = ms > databaseSlowMs;
    const storage = await lookAtStorage(ctx);
    if (storage.status !== 'pass')
      return { service: 'database', status: storage.status, output: storage.output, value: ms, unit: 'ms' };
    return {
      service: 'database',
      status: slow ? 'warn' : 'pass',
      output: slow ? `It answers slowly: ${Math.round(ms)} ms.` : null,
      value: ms,
      unit: 'ms',
    };
  } catch {
    return { service: 'database', status: 'fail', output: 'It does not answer.', value: null, unit: null };
  }
}

async function lookAtIntake(tx: Tx, now: Date): Promise<Found> {
  const { intakeUp, watchingSince } = await readWatch(tx, now);
  const seconds = Math.max(0, (now.getTime() - watchingSince.getTime()) / 1000);
  return intakeUp
    ? {
        service: 'intake',
        status: 'pass',
        output: null,
        value: Math.round(seconds),
        unit: 's without a gap',
      }
    : {
        service: 'intake',
        status: 'fail',
        output: 'No process receives heartbeats.',
        value: null,
        unit: null,
      };
}

async function lookAtDetection(ctx: Pick<Ctx, 'config'>, tx: Tx, now: Date): Promise<Found> {
  const sweep = (await readPeriodicWork(tx, now)).find((work) => work.name === 'alerting.tick');
  const service = 'detection' as const;
  if (sweep === undefined || sweep.finished_at === null)
    return { service, status: 'warn', output: 'The rules have not been swept yet.', value: null, unit: null };
  const age = (now.getTime() - Date.parse(sweep.finished_at)) / 1000;
  const limit = Math.max(sweepSecondsMin, sweepIntervals * ctx.config.alerting.checkIntervalSeconds);
  const measured = { service, value: Math.round(age * 10) / 10, unit: 's since the last sweep' };
  if (age > limit)
    return { ...measured, status: 'fail', output: `The rules have not been swept for ${Math.round(age)} s.` };
  if (sweep.last_error !== null)
    return {
      ...measured,
      status: 'warn',
      output: 'The last sweep of the rules was incomplete; see the log.',
    };
  return { ...measured, status: 'pass', output: null };
}

async function lookAtJobs(tx: Tx): Promise<Found> {
  const queue = await readQueue(tx);
  const late = Math.round(queue.oldest_seconds);
  const failed = (queue.failed ?? []).reduce((sum, one) => sum + one.count, 0);
  const lateness = late > jobsStuckSeconds ? 'fail' : late > jobsLateSeconds ? 'warn' : 'pass';
  const status = lateness === 'pass' && failed > 0 ? 'warn' : lateness;
  const said = [
    ...(lateness === 'pass'
      ? []
      : [`${queue.waiting} waiting, the oldest for ${late} s: the workers do not keep up.`]),
    ...(failed === 0
      ? []
      : [
          `${failed} ${failed === 1 ? 'job' : 'jobs'} failed for good: "watchkeeper jobs failed" lists them.`,
        ]),
  ];
  return {
    service: 'jobs',
    status,
    output: said.length === 0 ? null : said.join(' '),
    value: queue.waiting,
    unit: 'waiting',
  };
}

/** Compares the hosts' newest figures with the thresholds of the settings. */
async function lookAtHosts(ctx: Pick<Ctx, 'config'>, tx: Tx, now: Date): Promise<Found> {
  const { cpuPercent, memoryPercent, diskPercent } = ctx.config.thresholds;
  const limits: Readonly<Record<string, readonly [string, number]>> = {
    cpu_usage: ['CPU', cpuPercent],
    memory_usage: ['memory', memoryPercent],
    disk_usage: ['disk', diskPercent],
  };
  const home = await findHome(ctx, tx);
  const rows = home === undefined ? [] : await readLatest(tx, home, Object.keys(limits), now);
  const latest = rows.filter((row) => isOwnSource(row.source));
  const over = latest.flatMap(({ source, metric_name: name, value }) => {
    const [word, limit] = limits[name] ?? ['', Number.POSITIVE_INFINITY];
    return value > limit
      ? [`${word} of ${source.replace(/^watchkeeper@/, '')} is at ${Math.round(value)} % (limit ${limit} %)`]
      : [];
  });
  const hosts = new Set(latest.map((row) => row.source)).size;
  const first = over[0];
  return {
    service: 'hosts',
    status: first === undefined ? 'pass' : 'warn',
    output:
      first === undefined ? (hosts === 0 ? 'No host has been measured yet.' : null) : `${over.join('; ')}.`,
    value: hosts,
    unit: hosts === 1 ? 'host' : 'hosts',
  };
}

export function toLook({ service, status, output }: Found): Look {
  return { service, status, output };
}

export function toOwnService(found: Found, since: Date | null): OwnService {
  return {
    service: found.service,
    title: serviceTitles[found.service],
    status: found.status,
    output: found.output,
    observed_value: found.value,
    observed_unit: found.unit,
    since: since?.toISOString() ?? null,
  };
}

export function worstOf(found: readonly Pick<Found, 'status'>[]): ServiceStatus {
  const statuses = found.map((one) => one.status);
  if (statuses.includes('fail')) return 'fail';
  return statuses.includes('warn') ? 'warn' : 'pass';
}
