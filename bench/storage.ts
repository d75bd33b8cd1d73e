import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createApp, type Watchkeeper } from '../server/src/app.ts';
import { readConfig } from '../server/src/config/config.ts';
import { startEmbeddedPostgres } from '../server/src/platform/db/embedded/embedded.ts';
import { migrateUp } from '../server/src/platform/db/migrate.ts';
import { createLogger } from '../server/src/platform/log.ts';
import { createWalk, randomOf } from './support/real-values.ts';
import type { BenchResult } from './types.ts';

const deviceCount = 60;
const stepSeconds = 30;
const stepsPerDay = 86_400 / stepSeconds;
const day = Date.UTC(2026, 2, 2);
const key = 'wk_bench_key_0123456789abcdefghijklmnop';
const rawTarget = 160;
const packedTarget = 40;
/** Upkeep processes a day in a few turns. */
const turnsMax = 20;

interface Bench {
  readonly app: Watchkeeper;
  readonly owner: pg.Client;
  readonly clock: { ms: number };
}

/** The disk space of a heartbeat, raw and packed, through the real intake and the real upkeep. */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-bench-'));
  const log = createLogger({ level: 'error' });
  const postgres = await startEmbeddedPostgres({ dataDir: path.join(folder, 'db'), log });
  await migrateUp(postgres.url);
  const clock = { ms: day };
  const app = await createApp({
    config: readConfig({
      DATA_DIR: path.join(folder, 'data'),
      BOOTSTRAP_API_KEY: key,
      RATE_LIMIT_PER_MINUTE: '1000000',
    }),
    databaseUrl: postgres.url,
    role: 'all',
    log,
    clock: { now: () => clock.ms, monotonic: () => performance.now() },
  });
  const owner = new pg.Client({ connectionString: postgres.url });
  await owner.connect();
  try {
    await (await app.openHttp()).ready();
    return await measure({ app, owner, clock });
  } finally {
    await owner.end();
    await app.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(bench: Bench): Promise<BenchResult[]> {
  await call(bench, 'POST', '/api/v1/orgs', { slug: 'bench', name: 'Bench' });
  await call(bench, 'POST', '/api/v1/bench/sites', { slug: 'shop', name: 'Shop', timezone: 'UTC' });
  for (let device = 0; device < deviceCount; device += 1) {
    await call(bench, 'POST', '/api/v1/bench/devices', { slug: `pc-${device}`, site: 'shop' });
  }
  await sendDay(bench);
  const heartbeats = deviceCount * stepsPerDay;
  const raw = await bytesOf(bench, 'heartbeats');
  const before = await digest(bench);
  bench.clock.ms = day + 86_400_000 + 3 * 3_600_000;
  await packDay(bench);
  const packed = await bytesOf(bench, 'heartbeat_chunks');
  const rollups = await bytesOf(bench, 'heartbeat_rollups');
  const after = await digest(bench);
  return [
    weight(
      'raw, with indexes',
      raw.bytes / heartbeats,
      rawTarget,
      `${heartbeats} heartbeats, ${raw.indexes} bytes of indexes`,
    ),
    weight('packed day, with indexes', packed.bytes / heartbeats, packedTarget),
    {
      name: 'packed day reads back exactly',
      value: before === after ? 1 : 0,
      unit: '',
      target: '1',
      pass: before === after,
    },
    {
      name: 'rollups of 5 min, 1 h and 1 day, per heartbeat',
      value: rollups.bytes / heartbeats,
      unit: 'bytes',
    },
  ];
}

function weight(name: string, value: number, target: number, note?: string): BenchResult {
  const bound = { target: `<= ${target}`, pass: value <= target };
  return { name, value, unit: 'bytes/heartbeat', ...bound, ...(note === undefined ? {} : { note }) };
}

/** A whole day, step by step, in the order of arrival. Each device has its own delay. */
async function sendDay(bench: Bench): Promise<void> {
  const walks = Array.from({ length: deviceCount }, (_, device) => createWalk(device + 1));
  const random = randomOf(4711);
  for (let step = 0; step < stepsPerDay; step += 1) {
    bench.clock.ms = day + step * stepSeconds * 1000 + 900;
    const heartbeats = walks.map((walk, device) => ({
      device_id: `pc-${device}`,
      tenant_id: 'bench',
      store_id: 'shop',
      status: 'ok',
      ...walk.next(),
      sequence: step + 1,
      sent_at: new Date(bench.clock.ms - 5 - Math.floor(random() * 60)).toISOString(),
    }));
    const answer = await call(bench, 'POST', '/heartbeats', { heartbeats });
    if (answer.accepted !== deviceCount || answer.late !== 0)
      throw new Error(`Step ${step}: ${JSON.stringify(answer)}`);
  }
}

async function packDay(bench: Bench): Promise<void> {
  for (let turn = 0; turn < turnsMax; turn += 1) {
    await bench.app.workOnce(1_000);
    const { rowCount } = await bench.owner.query('select from heartbeat_days where day = $1', [
      new Date(day),
    ]);
    if (rowCount === 1) return;
    bench.clock.ms += 1_800_000;
  }
  throw new Error('The day was not packed.');
}

/** All disk space of one partitioned table: rows, TOAST, indexes, maps. */
async function bytesOf(bench: Bench, table: string): Promise<{ bytes: number; indexes: number }> {
  await bench.owner.query('vacuum');
  const { rows } = await bench.owner.query<{ bytes: string; indexes: string }>(
    `select coalesce(sum(pg_total_relation_size(relid)), 0) as bytes, coalesce(sum(pg_indexes_size(relid)), 0) as indexes
     from pg_partition_tree($1) where isleaf and pg_relation_size(relid) > 0`,
    [table],
  );
  return { bytes: Number(rows[0]?.bytes ?? 0), indexes: Number(rows[0]?.indexes ?? 0) };
}

/** A digest of the day's history of every device, as the API returns it. */
async function digest(bench: Bench): Promise<string> {
  const hash = createHash('sha256');
  for (let device = 0; device < deviceCount; device += 1) {
    const page = await call(
      bench,
      'GET',
      `/heartbeat/pc-${device}/history?hours=72&resolution=raw&limit=10000`,
    );
    if (page.data.length !== stepsPerDay) throw new Error(`pc-${device} has ${page.data.length} points.`);
    hash.update(JSON.stringify(page.data));
  }
  return hash.digest('hex');
}

interface Answer {
  accepted: number;
  late: number;
  data: unknown[];
}

async function call(bench: Bench, method: 'GET' | 'POST', url: string, body?: object): Promise<Answer> {
  const answer = await bench.app.http.inject({
    method,
    url,
    headers: { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { payload: body }),
  });
  if (answer.statusCode >= 400) throw new Error(`${method} ${url}: ${answer.statusCode} ${answer.body}`);
  // Safe because the OpenAPI document promises this shape, and a missing field fails the comparison that reads it.
  return answer.json() as Answer;
}
