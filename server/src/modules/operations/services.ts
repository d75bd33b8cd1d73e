import {
  type OwnService,
  type ServiceName,
  type ServiceStatus,
  serviceNames,
} from '@watchkeeper/contracts/operations';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { lookAtStorage } from '#platform/db/storage';
import type { House } from '#platform/module';
import { definePart } from '#platform/parts';
import type { ServiceLook, ServiceState } from '#platform/services';
import { findHome, isOwnSource } from './home.ts';
import { readLatest } from './series-store.ts';
import { type Look, readQueue } from './store.ts';

/** The present status of one of Watchkeeper's own services. */
export interface Found extends ServiceState {
  readonly service: ServiceName;
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

const servicesPart = definePart<readonly ServiceLook[]>('operations.services');

/** @throws at start, when a service of the contract is answered for by no module, or by two */
export function keepServices(ctx: Pick<Ctx, 'parts'>, house: House): void {
  const looks = house.flatMap(({ services }) => services ?? []);
  const answered = ['database', ...looks.map(({ service }) => service)].sort();
  if (answered.join() !== [...serviceNames].sort().join())
    throw new Error(
      `Each of "${serviceNames}" needs one module that answers for it; there are "${answered}".`,
    );
  ctx.parts.put(servicesPart, looks);
}

/** Checks every service now. Reads from the database, so that any process can report all of them. */
export async function lookAtServices(ctx: Ctx): Promise<Found[]> {
  const database = await lookAtDatabase(ctx);
  if (database.value === null) return [database];
  const now = new Date(ctx.clock.now());
  // Across tenants: services belong to the installation.
  const others = await ctx.db.system(async (tx) => {
    const found: Found[] = [];
    for (const { service, look } of ctx.parts.get(servicesPart))
      found.push({ service, ...(await look(ctx, tx, now)) });
    return found;
  });
  const order = ({ service }: Found) => serviceNames.indexOf(service);
  return [database, ...others].sort((a, b) => order(a) - order(b));
}

/** Those that operations answers for itself, beside the database. */
export const operationsServices: readonly ServiceLook[] = [
  { service: 'jobs', look: (_ctx, tx) => lookAtJobs(tx) },
  { service: 'hosts', look: lookAtHosts },
];

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

async function lookAtJobs(tx: Tx): Promise<ServiceState> {
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
    status,
    output: said.length === 0 ? null : said.join(' '),
    value: queue.waiting,
    unit: 'waiting',
  };
}

/** Compares the hosts' newest figures with the thresholds of the settings. */
async function lookAtHosts(ctx: Pick<Ctx, 'config'>, tx: Tx, now: Date): Promise<ServiceState> {
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
