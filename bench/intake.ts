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
import { treeCpu } from './support/cpu-use.ts';
import { cpuResults, median } from './support/figures.ts';
import type { LoadPlan, LoadResult } from './support/http-load.ts';
import type { Observed } from './support/server-bench.ts';
import type { BenchResult } from './types.ts';

const deviceCount = 5_000;
const connections = 64;
const batchConnections = 4;
const batchSize = 500;
const key = 'wk_bench_key_0123456789abcdefghijklmnop';
const singleTarget = 0.7;
const batchTarget = 0.5;
/** Of the route that does nothing and the durable one in turn: the machine's speed moves, so the median counts. */
const rounds = 5;
const noopPath = '/internal/noop-heartbeat';

interface Bench {
  readonly port: number;
  readonly owner: pg.Client;
  readonly databaseUrl: string;
  readonly serverPid: number;
  readonly postgresPid: number;
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
      serverPid: server.pid ?? 0,
      postgresPid: postgres.pid,
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
  // First contact of the whole fleet, and both routes compiled hot.
  await load(bench, {
    path: '/heartbeats',
    perRequest: batchSize,
    connections: batchConnections,
    seconds: 2,
  });
  await load(bench, { path: noopPath, seconds: 2 });
  await load(bench, { path: '/heartbeat', seconds: 4 });
  return [...(await measureSingle(bench)), ...(await measureBatch(bench))];
}

/** The two routes in turn; each durable round is held against the empty ones before and after it. */
async function measureSingle(bench: Bench): Promise<BenchResult[]> {
  const before = await rowsStored(bench);
  const noops = [await observe(bench, noopPath, 1.5)];
  const singles: Observed[] = [];
  const shares: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const single = await observe(bench, '/heartbeat', 2.5);
    const noop = await observe(bench, noopPath, 1.5);
    const previous = noops.at(-1) ?? noop;
    shares.push((2 * single.rate) / (noop.rate + previous.rate));
    singles.push(single);
    noops.push(noop);
  }
  const stored = (await rowsStored(bench)) - before;
  const acknowledged = singles.reduce((sum, single) => sum + single.requests, 0);
  const middle = (of: (single: Observed) => number) => median(singles.map(of));
  const range = shares.toSorted((one, other) => one - other).map((share) => share.toFixed(2));
  return [
    {
      name: 'route that validates and does nothing',
      value: median(noops.map(({ rate }) => rate)),
      unit: 'requests/s',
    },
    {
      name: `one heartbeat per request, ${connections} connections, durable`,
      value: middle(({ rate }) => rate),
      unit: 'requests/s',
    },
    {
      name: 'share of the route that does nothing',
      value: median(shares),
      unit: '',
      target: `>= ${singleTarget}`,
      pass: median(shares) >= singleTarget,
      note: `median of ${range.join(', ')}`,
    },
    { name: 'latency of one heartbeat, p50', value: middle(({ p50 }) => p50), unit: 'ms' },
    { name: 'latency of one heartbeat, p99', value: middle(({ p99 }) => p99), unit: 'ms' },
    exact('acknowledged heartbeats that are stored', stored, acknowledged),
    ...cpuResults('route that does nothing', noops),
    ...cpuResults('durable heartbeat', singles),
  ];
}

async function measureBatch(bench: Bench): Promise<BenchResult[]> {
  const batch = await load(bench, {
    path: '/heartbeats',
    perRequest: batchSize,
    connections: batchConnections,
    seconds: 5,
  });
  const bare = await bareRowsPerSecond(bench.databaseUrl, {
    rows: batchSize,
    connections: batchConnections,
    seconds: 5,
  });
  const batchRate = rate(batch) * batchSize;
  return [
    { name: `bare insert + upsert, ${batchSize} rows at a time`, value: bare, unit: 'rows/s' },
    { name: `${batchSize} heartbeats per request, durable`, value: batchRate, unit: 'rows/s' },
    ...against('share of the bare statements', batchRate / bare, batchTarget),
    { name: `latency of ${batchSize} heartbeats, p99`, value: batch.p99, unit: 'ms' },
  ];
}

async function observe(bench: Bench, path: string, seconds: number): Promise<Observed> {
  const serverBefore = treeCpu(bench.serverPid);
  const postgresBefore = treeCpu(bench.postgresPid);
  const result = await load(bench, { path, seconds });
  const since = (before: number | undefined, after: number | undefined) =>
    before === undefined || after === undefined ? undefined : (after - before) / result.requests;
  return {
    rate: rate(result),
    requests: result.requests,
    p50: result.p50,
    p99: result.p99,
    cpu: {
      server: since(serverBefore, treeCpu(bench.serverPid)),
      PostgreSQL: since(postgresBefore, treeCpu(bench.postgresPid)),
      load: result.cpu / result.requests,
    },
  };
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
