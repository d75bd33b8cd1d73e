import type { CustomMetric } from '@watchkeeper/contracts/telemetry';
import { cutText } from '@watchkeeper/contracts/text';
import { recordMetrics } from '#modules/telemetry';
import type { Ctx } from '#platform/context';
import type { Figure } from '#platform/figures';
import { definePart } from '#platform/parts';
import { findHome, installationSource, ownSourcePrefix } from '../home.ts';
import { type DatabaseNow, readDatabase, readQueue } from '../store.ts';
import { createHostSampler, type HostSampler } from './host.ts';
import { createProcessSampler } from './process.ts';

/** Per minute, the busiest routes get figures of their own. All routes are in the total. */
const routesMax = 12;
const sourceLengthMax = 64;
const endpointLengthMax = 256;
/** The first measurement comes soon, so that a new server does not stay empty for a whole interval. */
const firstSecondsMax = 5;
const idleSeconds = 1;

interface Sampler {
  readonly host: HostSampler;
  readonly process: ReturnType<typeof createProcessSampler>;
  takenAt: number;
}

const samplerPart = definePart<Sampler>('operations.sampler');

type Reading = Readonly<Record<string, readonly [value: number, unit: string]>>;
interface Measurement extends Omit<CustomMetric, 'source' | 'at'> {}

/** Every process measures its host and itself on METRIC_COLLECTION_INTERVAL, from its start on. */
export function startCollecting(ctx: Ctx): AsyncDisposable {
  const sampler = { host: createHostSampler(ctx.config.dataDir), process: createProcessSampler(ctx.metrics) };
  ctx.parts.put(samplerPart, { ...sampler, takenAt: ctx.clock.monotonic() });
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let under: Promise<void> = Promise.resolve();
  let dueAt = 0;

  function schedule(seconds: number): void {
    clearTimeout(timer);
    if (stopped) return;
    dueAt = ctx.clock.monotonic() + seconds * 1000;
    timer = setTimeout(() => {
      if (!ctx.process.ready) return schedule(idleSeconds);
      under = collectProcess(ctx)
        .catch((error: unknown) => ctx.log.warn({ err: error }, 'this host could not be measured'))
        .finally(() => schedule(ctx.config.metrics.collectionIntervalSeconds));
    }, seconds * 1000);
    timer.unref();
  }

  schedule(Math.min(firstSecondsMax, ctx.config.metrics.collectionIntervalSeconds));
  // A shorter interval takes effect now, not after the longer one has passed.
  const unfollow = ctx.settings.onChange(() => {
    const left = (dueAt - ctx.clock.monotonic()) / 1000;
    if (ctx.config.metrics.collectionIntervalSeconds < left)
      schedule(ctx.config.metrics.collectionIntervalSeconds);
  });
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearTimeout(timer);
      unfollow();
      sampler.process.stop();
      await under;
    },
  };
}

/** Measures this host, this process, and the requests that it answered since the last measurement. */
export async function collectProcess(ctx: Ctx): Promise<void> {
  const sampler = ctx.parts.get(samplerPart);
  const seconds = Math.max(0.001, (ctx.clock.monotonic() - sampler.takenAt) / 1000);
  sampler.takenAt = ctx.clock.monotonic();
  const requests = ctx.metrics.requests.take();
  const statements = ctx.db.health.statements.take().all;
  const pool = ctx.db.health.pool();
  const measurements = [
    ...toMeasurements('SYSTEM', 'host', await sampler.host.read()),
    ...toMeasurements('SYSTEM', 'process', await sampler.process.read()),
    ...toMeasurements('SYSTEM', 'database', {
      statements_per_second: [statements.count / seconds, '1/s'],
      statement_p50_ms: [statements.p50, 'ms'],
      statement_p95_ms: [statements.p95, 'ms'],
      statement_p99_ms: [statements.p99, 'ms'],
      pool_in_use: [pool.total - pool.idle, ''],
      pool_waiting: [pool.waiting, ''],
    }),
    ...ofRequests(requests.all, undefined, seconds),
    ...requests.each
      .slice(0, routesMax)
      .flatMap((route) => ofRequests(route, cutText(route.name, endpointLengthMax, ''), seconds)),
  ];
  await record(ctx, `${ownSourcePrefix}${ctx.process.host}`.slice(0, sourceLengthMax), measurements);
}

/** Measures the database and the queues. One process does this for all. */
export async function collectInstallation(ctx: Ctx): Promise<void> {
  const { database, queue } = await ctx.db.system(async (tx) => ({
    database: await readDatabase(tx),
    queue: await readQueue(tx),
  }));
  await record(ctx, installationSource, [
    ...toMeasurements('SYSTEM', 'database', ofDatabase(database)),
    ...toMeasurements('SYSTEM', 'queue', {
      jobs_waiting: [queue.waiting, ''],
      jobs_active: [queue.active, ''],
      jobs_oldest_seconds: [queue.oldest_seconds, 's'],
    }),
  ]);
}

function ofDatabase(database: DatabaseNow): Reading {
  return {
    database_size_bytes: [database.size_bytes, 'B'],
    database_connections: [database.connections, ''],
    database_connections_active: [database.connections_active, ''],
    database_locks_waiting: [database.locks_waiting, ''],
    database_longest_query_seconds: [database.longest_query_seconds, 's'],
    database_longest_transaction_seconds: [database.longest_transaction_seconds, 's'],
  };
}

/**
 * In the format of the agent's middleware, so that one reader serves both. `seconds`: the time over which they were
 * counted.
 */
function ofRequests(figure: Figure, endpoint: string | undefined, seconds: number): Measurement[] {
  const share = (part: number) => (figure.count === 0 ? 0 : (100 * part) / figure.count);
  const reading: Reading = {
    requests: [(figure.count * 60) / seconds, 'per minute'],
    // Without a request there is no latency and no error rate: send no value instead of a zero.
    ...(figure.count === 0
      ? {}
      : {
          client_errors: [share(figure.clientErrors), '%'],
          server_errors: [share(figure.serverErrors), '%'],
          latency_p50: [figure.p50, 'ms'],
          latency_p95: [figure.p95, 'ms'],
          latency_p99: [figure.p99, 'ms'],
        }),
  };
  return toMeasurements('PERFORMANCE', 'http', reading).map((one) => ({
    ...one,
    ...(endpoint === undefined ? {} : { endpoint }),
    tags: { seconds: String(Math.round(seconds * 10) / 10) },
  }));
}

function toMeasurements(
  type: CustomMetric['metric_type'],
  category: string,
  reading: Reading,
): Measurement[] {
  return Object.entries(reading).map(([name, [value, unit]]) => ({
    metric_type: type,
    metric_category: category,
    metric_name: name,
    value: Math.round(value * 100) / 100,
    unit,
  }));
}

/** Stored with the installation's first organization, beside the measurements that it sends itself. */
async function record(ctx: Ctx, source: string, measurements: readonly Measurement[]): Promise<void> {
  const home = await ctx.db.system((tx) => findHome(ctx, tx));
  if (home === undefined) return;
  const items = measurements.map((value, index) => ({ index, value: { ...value, source } }));
  const receipts = await recordMetrics(ctx, home, items);
  for (const { index, error } of receipts)
    if (error !== undefined)
      ctx.log.warn(
        { reason: error.message, metric: measurements[index]?.metric_name },
        'a measurement of our own cannot be stored',
      );
}
