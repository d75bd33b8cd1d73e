import { createHash } from 'node:crypto';
import type pg from 'pg';
import { bareRowsPerSecond } from './support/bare-rows.ts';
import { cpuResults, median } from './support/figures.ts';
import { inTurn } from './support/in-turn.ts';
import type { LoadPlan } from './support/load-requests.ts';
import { type Observed, type ServerBench, withServer } from './support/server-bench.ts';
import type { BenchResult } from './types.ts';

const deviceCount = 5_000;
const connections = 64;
const batchConnections = 4;
const batchSize = 500;
const key = 'wk_bench_key_0123456789abcdefghijklmnop';
const singleTarget = 0.7;
const batchTarget = 0.5;
const rounds = 9;
const noopPath = '/internal/noop-heartbeat';

/** A load whose sequence numbers continue from one run to the next, like a device's. */
interface Bench {
  readonly owner: pg.Client;
  readonly databaseUrl: string;
  load(plan: Pick<LoadPlan, 'path' | 'seconds'> & Partial<LoadPlan>): Promise<Observed>;
}

/** The cost of durable intake, compared with the same server doing nothing, and with PostgreSQL alone. */
export async function run(): Promise<BenchResult[]> {
  const env = { BOOTSTRAP_API_KEY: key };
  const single = await withServer({ env, apart: true }, async (server) =>
    measureSingle(await prepare(server)),
  );
  // The bare statements may also use every core.
  const batch = await withServer({ env, apart: false }, async (server) =>
    measureBatch(await prepare(server)),
  );
  return [...single, ...batch];
}

async function prepare({ owner, databaseUrl, observe }: ServerBench): Promise<Bench> {
  const devices = await seedFleet(owner);
  let sequence = 1;
  const bench: Bench = {
    owner,
    databaseUrl,
    async load(plan) {
      const whole = { devices, key, perRequest: 1, connections, firstSequence: sequence + 1, ...plan };
      const observed = await observe(whole);
      sequence = observed.lastSequence;
      return observed;
    },
  };
  // The first contact of the whole fleet.
  await bench.load({ ...batches, seconds: 2 });
  return bench;
}

const batches = { path: '/heartbeats', perRequest: batchSize, connections: batchConnections };

async function measureSingle(bench: Bench): Promise<BenchResult[]> {
  // Warm up both routes, so that their code is compiled.
  await bench.load({ path: noopPath, seconds: 2 });
  await bench.load({ path: '/heartbeat', seconds: 4 });
  const before = await rowsStored(bench);
  const { empty, durable, shares } = await inTurn(
    rounds,
    () => bench.load({ path: noopPath, seconds: 1.5 }),
    () => bench.load({ path: '/heartbeat', seconds: 2.5 }),
  );
  const stored = (await rowsStored(bench)) - before;
  const acknowledged = durable.reduce((sum, { requests }) => sum + requests, 0);
  const middle = (of: (one: Observed) => number) => median(durable.map(of));
  const range = shares.toSorted((one, other) => one - other).map((share) => share.toFixed(2));
  return [
    {
      name: 'route that validates and does nothing',
      value: median(empty.map(({ rate }) => rate)),
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
    ...cpuResults('route that does nothing', empty),
    ...cpuResults('durable heartbeat', durable),
  ];
}

async function measureBatch(bench: Bench): Promise<BenchResult[]> {
  const batch = await bench.load({ ...batches, seconds: 5 });
  const bare = await bareRowsPerSecond(bench.databaseUrl, {
    rows: batchSize,
    connections: batchConnections,
    seconds: 5,
  });
  const batchRate = batch.rate * batchSize;
  return [
    { name: `bare insert + upsert, ${batchSize} rows at a time`, value: bare, unit: 'rows/s' },
    { name: `${batchSize} heartbeats per request, durable`, value: batchRate, unit: 'rows/s' },
    ...against('share of the bare statements', batchRate / bare, batchTarget),
    { name: `latency of ${batchSize} heartbeats, p99`, value: batch.p99, unit: 'ms' },
  ];
}

function against(name: string, value: number, target: number): BenchResult[] {
  return [{ name, value, unit: '', target: `>= ${target}`, pass: value >= target }];
}

function exact(name: string, value: number, wanted: number): BenchResult {
  return { name, value, unit: '', target: String(wanted), pass: value === wanted };
}

async function rowsStored(bench: Bench): Promise<number> {
  const { rows } = await bench.owner.query<{ rows: string }>('select count(*) as rows from heartbeats');
  return Number(rows[0]?.rows ?? 0);
}

/** Devices with tokens, created by SQL, because the API would take minutes. */
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
