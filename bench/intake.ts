import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { nodeFlags } from '../scripts/node-flags.mjs';
import { startEmbeddedPostgres } from '../server/src/platform/db/embedded/embedded.ts';
import { migrateUp } from '../server/src/platform/db/migrate.ts';
import { createLogger } from '../server/src/platform/log.ts';
import { bareRowsPerSecond } from './support/bare-rows.ts';
import type { LoadPlan, LoadResult } from './support/http-load.ts';
import type { BenchResult } from './types.ts';

const deviceCount = 5_000;
const connections = 64;
const batchConnections = 4;
const batchSize = 500;
const key = 'wk_bench_key_0123456789abcdefghijklmnop';
const singleTarget = 0.7;
const batchTarget = 0.5;

interface Bench {
  readonly port: number;
  readonly owner: pg.Client;
  readonly databaseUrl: string;
  readonly devices: LoadPlan['devices'];
  sequence: number;
}

/** What durable intake costs beside the same server doing nothing, and beside PostgreSQL alone. */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-bench-'));
  const postgres = await startEmbeddedPostgres({
    dataDir: path.join(folder, 'db'),
    log: createLogger({ level: 'warn' }),
  });
  await migrateUp(postgres.url);
  const server = startServerProcess(postgres.url, folder);
  const owner = new pg.Client({ connectionString: postgres.url });
  try {
    // Safe because the child's first message is its address.
    const [{ url }] = (await once(server, 'message')) as [{ url: string }];
    await owner.connect();
    const devices = await seedFleet(owner);
    const bench: Bench = {
      port: Number(new URL(url).port),
      owner,
      databaseUrl: postgres.url,
      devices,
      sequence: 1,
    };
    return await measure(bench);
  } finally {
    await owner.end();
    server.send('stop');
    await once(server, 'exit');
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(bench: Bench): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  // First contact of the whole fleet, and both routes compiled hot.
  await load(bench, {
    path: '/heartbeats',
    perRequest: batchSize,
    connections: batchConnections,
    seconds: 3,
  });
  await load(bench, { path: '/internal/noop-heartbeat', seconds: 3 });
  await load(bench, { path: '/heartbeat', seconds: 6 });
  const before = await rowsStored(bench);
  const noopFirst = await load(bench, { path: '/internal/noop-heartbeat', seconds: 4 });
  const single = await load(bench, { path: '/heartbeat', seconds: 8 });
  const noopAgain = await load(bench, { path: '/internal/noop-heartbeat', seconds: 4 });
  const stored = (await rowsStored(bench)) - before;
  const noop = (rate(noopFirst) + rate(noopAgain)) / 2;
  const share = rate(single) / noop;
  results.push(
    { name: 'route that validates and does nothing', value: noop, unit: 'requests/s' },
    {
      name: `one heartbeat per request, ${connections} connections, durable`,
      value: rate(single),
      unit: 'requests/s',
    },
    ...against('share of the route that does nothing', share, singleTarget),
    { name: 'latency of one heartbeat, p50', value: single.p50, unit: 'ms' },
    { name: 'latency of one heartbeat, p99', value: single.p99, unit: 'ms' },
    exact('acknowledged heartbeats that are stored', stored, single.requests - single.failures),
  );
  const batch = await load(bench, {
    path: '/heartbeats',
    perRequest: batchSize,
    connections: batchConnections,
    seconds: 8,
  });
  const bare = await bareRowsPerSecond(bench.databaseUrl, {
    rows: batchSize,
    connections: batchConnections,
    seconds: 8,
  });
  const batchRate = rate(batch) * batchSize;
  results.push(
    { name: `bare insert + upsert, ${batchSize} rows at a time`, value: bare, unit: 'rows/s' },
    { name: `${batchSize} heartbeats per request, durable`, value: batchRate, unit: 'rows/s' },
    ...against('share of the bare statements', batchRate / bare, batchTarget),
    { name: `latency of ${batchSize} heartbeats, p99`, value: batch.p99, unit: 'ms' },
  );
  return results;
}

function against(name: string, value: number, target: number): BenchResult[] {
  return [{ name, value, unit: '', target: `>= ${target}`, pass: value >= target }];
}

function exact(name: string, value: number, wanted: number): BenchResult {
  return { name, value, unit: '', target: String(wanted), pass: value === wanted };
}

function rate(result: LoadResult): number {
  if (result.failures > 0) throw new Error(`${result.failures} requests failed, e.g.\n${result.sample}`);
  return result.requests / result.seconds;
}

async function rowsStored(bench: Bench): Promise<number> {
  const { rows } = await bench.owner.query<{ rows: string }>('select count(*) as rows from heartbeats');
  return Number(rows[0]?.rows ?? 0);
}

function startServerProcess(databaseUrl: string, folder: string): ChildProcess {
  return fork(fileURLToPath(new URL('./support/intake-server.ts', import.meta.url)), {
    execArgv:
      process.env.BENCH_PROFILE === undefined
        ? nodeFlags
        : [...nodeFlags, '--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      DATA_DIR: path.join(folder, 'data'),
      BOOTSTRAP_API_KEY: key,
      LOG_LEVEL: 'warn',
    },
  });
}

async function load(
  bench: Bench,
  plan: Pick<LoadPlan, 'path' | 'seconds'> & Partial<Pick<LoadPlan, 'perRequest' | 'connections'>>,
): Promise<LoadResult> {
  const child = fork(fileURLToPath(new URL('./support/http-load.ts', import.meta.url)));
  const whole: LoadPlan = {
    port: bench.port,
    devices: bench.devices,
    key,
    perRequest: 1,
    connections,
    firstSequence: bench.sequence + 1,
    ...plan,
  };
  child.send(whole);
  // Safe because the load process answers its plan with one result.
  const [result] = (await once(child, 'message')) as [LoadResult];
  bench.sequence = result.lastSequence;
  return result;
}

/** Devices with tokens, made by SQL: the API would take minutes. */
async function seedFleet(owner: pg.Client): Promise<LoadPlan['devices']> {
  const devices = Array.from({ length: deviceCount }, (_, index) => ({
    slug: `d${index + 1}`,
    token: `wkd_bench_${String(index + 1).padStart(34, '0')}`,
  }));
  await owner.query(
    `insert into organizations (id, slug, name, created_at, updated_at)
     values (gen_random_uuid(), 'default', 'Bench', now(), now()) on conflict do nothing`,
  );
  await owner.query(
    `insert into sites (organization_id, id, slug, name, timezone, created_at, updated_at)
     select id, gen_random_uuid(), 'bench', 'Bench', 'UTC', now(), now() from organizations where slug = 'default'`,
  );
  await owner.query(
    `insert into devices (organization_id, id, site_id, slug, name, created_at, updated_at)
     select organization_id, gen_random_uuid(), id, slug_of, slug_of, now(), now()
     from sites, unnest($1::text[]) as slug_of where slug = 'bench'`,
    [devices.map((device) => device.slug)],
  );
  await owner.query(
    `insert into device_tokens (organization_id, device_id, hash)
     select d.organization_id, d.id, t.hash from unnest($1::text[], $2::bytea[]) as t(slug, hash)
     join devices d on d.slug = t.slug`,
    [
      devices.map((device) => device.slug),
      devices.map((device) => createHash('sha256').update(device.token).digest()),
    ],
  );
  await owner.query('vacuum analyze');
  return devices;
}
