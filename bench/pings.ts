import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { cpuResults, median } from './support/figures.ts';
import { inTurn } from './support/in-turn.ts';
import type { LoadPlan } from './support/load-requests.ts';
import { type Observed, type ServerBench, withServer } from './support/server-bench.ts';
import type { BenchResult } from './types.ts';

const checkCount = 5_000;
const connections = 64;
const target = 0.7;
const rounds = 5;
const durableSeconds = 2.5;
const noopSeconds = 1.5;
const noopPath = '/internal/noop-ping';
const pingPath = '/ping';
/** The applier works through the last pings within a turn or two. */
const settleMsMax = 60_000;
const settleEveryMs = 250;

/** The cost of a durable check-in, compared with the same server answering OK to everything. */
export async function run(): Promise<BenchResult[]> {
  return await withServer({ env: { PING_RATE_LIMIT_PER_MINUTE: '0' }, apart: true }, measure);
}

async function measure(bench: ServerBench): Promise<BenchResult[]> {
  const pingIds = await seedChecks(bench.owner);
  const observe = (path: string, seconds: number) => bench.observe({ ...plan, path, seconds, pingIds });
  // Every check has checked in once, and the code of both routes is compiled.
  await observe(noopPath, 2);
  const warm = await observe(pingPath, 4);
  const { empty, durable, shares } = await inTurn(
    rounds,
    () => observe(noopPath, noopSeconds),
    () => observe(pingPath, durableSeconds),
  );
  const sent = durable.reduce((sum, { requests }) => sum + requests, warm.requests);
  const settled = performance.now();
  const stored = await applied(bench.owner, sent);
  const middle = (of: (one: Observed) => number) => median(durable.map(of));
  const range = shares.toSorted((one, other) => one - other).map((share) => share.toFixed(2));
  return [
    {
      name: 'route that says OK and does nothing',
      value: median(empty.map(({ rate }) => rate)),
      unit: 'requests/s',
    },
    {
      name: `one ping per request, ${connections} connections, durable`,
      value: middle(({ rate }) => rate),
      unit: 'requests/s',
    },
    {
      name: 'share of the route that does nothing',
      value: median(shares),
      unit: '',
      target: `>= ${target}`,
      pass: median(shares) >= target,
      note: `median of ${range.join(', ')}`,
    },
    { name: 'latency of one ping, p50', value: middle(({ p50 }) => p50), unit: 'ms' },
    { name: 'latency of one ping, p99', value: middle(({ p99 }) => p99), unit: 'ms' },
    {
      name: 'acknowledged pings that count in their checks',
      value: stored,
      unit: '',
      target: String(sent),
      pass: stored === sent,
    },
    {
      name: 'all of them worked in, after the last was acknowledged',
      value: performance.now() - settled,
      unit: 'ms',
    },
    { name: 'pings of one commit, on average', value: stored / (await commits(bench.owner)), unit: '' },
    ...cpuResults('route that does nothing', empty),
    ...cpuResults('durable ping', durable),
  ];
}

const plan: Omit<LoadPlan, 'port' | 'path' | 'seconds'> = {
  connections,
  perRequest: 1,
  devices: [],
  key: '',
  firstSequence: 0,
};

/** How many pings the checks have counted, once nothing is left to apply. */
async function applied(owner: pg.Client, wanted: number): Promise<number> {
  const until = performance.now() + settleMsMax;
  for (;;) {
    const { rows } = await owner.query<{ pings: string }>('select sum(pings) as pings from ping_checks');
    const pings = Number(rows[0]?.pings ?? 0);
    if (pings >= wanted || performance.now() > until) return pings;
    await pause(settleEveryMs);
  }
}

/** Every batch is one numbered row of the journal. */
async function commits(owner: pg.Client): Promise<number> {
  const { rows } = await owner.query<{ last_value: string }>('select last_value from ping_journal_id_seq');
  return Number(rows[0]?.last_value ?? 0);
}

/** Created by SQL, because the API would take minutes. */
async function seedChecks(owner: pg.Client): Promise<string[]> {
  const ids = Array.from({ length: checkCount }, () => randomUUID());
  await owner.query(
    `insert into organizations (id, slug, name, created_at, updated_at)
     values (gen_random_uuid(), 'default', 'Bench', now(), now()) on conflict do nothing`,
  );
  await owner.query(
    `insert into checks (organization_id, id, slug, name, kind, config, created_at, updated_at)
     select o.id, gen_random_uuid(), 'job-' || n, 'Job ' || n, 'ping',
       '{"period":3600,"grace":600,"timezone":"UTC","methods":"any"}', now(), now()
     from organizations o, generate_series(1, $1::int) as n where o.slug = 'default'`,
    [checkCount],
  );
  await owner.query(
    `insert into check_state (organization_id, check_id, since, next_due_at)
     select organization_id, id, now(), '9999-12-31' from checks`,
  );
  await owner.query(
    `insert into ping_checks (organization_id, check_id, ping_id, push_token)
     select organization_id, id, ($1::uuid[])[row_number() over (order by slug)], gen_random_uuid()::text from checks`,
    [ids],
  );
  await owner.query('vacuum analyze');
  return ids;
}
