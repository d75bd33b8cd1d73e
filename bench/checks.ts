import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { treeCpu } from './support/cpu-use.ts';
import { type BenchHouse, benchHouse } from './support/house.ts';
import { prometheusCpu } from './support/prometheus.ts';
import type { BenchResult } from './types.ts';

const checks = 2_000;
const manyChecks = 10_000;
const intervalSeconds = 20;
const warmSeconds = 22;
const measureSeconds = 60;
const barePerSecond = checks / intervalSeconds;
const latenessMsMax = 100;
const timesBareMax = 3;

/**
 * Runs 2,000 HTTP checks every 20 s from one process against a plain local server. Then, in the same run, the same
 * checks by the blackbox exporter and Prometheus, and by a bare undici loop. Then 10,000 checks.
 */
export async function run(): Promise<BenchResult[]> {
  await using target = await startTarget();
  const own = await measure(target.url, checks);
  const plan = { url: target.url, checks, intervalSeconds, warmSeconds, measureSeconds };
  const prometheus = await prometheusCpu(plan);
  const fresh = await bareLoop(target.url, 'fresh');
  const kept = await bareLoop(target.url, 'kept');
  const many = await measure(target.url, manyChecks);
  return [...figures(own, { prometheus, fresh, kept }), ...manyFigures(many)];
}

async function measure(url: string, checks: number): Promise<Measured> {
  const house = await benchHouse({ OUTBOUND_ALLOW: '127.0.0.0/8' });
  try {
    await seedChecks(house, url, checks);
    await pause(warmSeconds * 1_000);
    const { rows } = await house.owner.query<{ started: Date }>('select clock_timestamp() as started');
    const before = await usage(house);
    await pause(measureSeconds * 1_000);
    const after = await usage(house);
    const made = await house.owner.query<{ count: number; ok: number }>(
      `select count(*)::int as count, (count(*) filter (where outcome = 'ok'))::int as ok from check_results where at >= $1`,
      [rows[0]?.started],
    );
    const lateness = await latenessOf(house, rows[0]?.started);
    const count = made.rows[0] ?? { count: 0, ok: 0 };
    const per1000 = (micros: number) => micros / 1e6 / (count.count / 1_000);
    return {
      made: count,
      server: per1000(after.server - before.server),
      postgres: per1000(after.postgres - before.postgres),
      lateness,
    };
  } finally {
    await house[Symbol.asyncDispose]();
  }
}

interface Measured {
  readonly made: { readonly count: number; readonly ok: number };
  /** CPU seconds per 1,000 checks. */
  readonly server: number;
  readonly postgres: number;
  readonly lateness: { readonly p50: number; readonly p99: number };
}

/** CPU seconds per 1,000 requests. */
interface Others {
  readonly prometheus: number;
  readonly fresh: number;
  readonly kept: number;
}

function figures({ made, server, postgres, lateness }: Measured, others: Others): BenchResult[] {
  const { prometheus, fresh, kept } = others;
  const wanted = (checks / intervalSeconds) * measureSeconds;
  return [
    {
      name: `checks made in ${measureSeconds} s, of ${wanted}, all good`,
      value: made.ok,
      unit: '',
      target: `>= ${wanted * 0.98}`,
      pass: made.ok >= wanted * 0.98 && made.ok === made.count,
    },
    { name: 'schedule lateness p50', value: lateness.p50, unit: 'ms' },
    {
      name: 'schedule lateness p99',
      value: lateness.p99,
      unit: 'ms',
      target: `<= ${latenessMsMax}`,
      pass: lateness.p99 <= latenessMsMax,
    },
    { name: 'CPU seconds per 1,000 checks, server', value: server, unit: 's' },
    { name: 'CPU seconds per 1,000 checks, PostgreSQL', value: postgres, unit: 's' },
    {
      name: 'CPU seconds per 1,000 checks, blackbox exporter and Prometheus',
      value: prometheus,
      unit: 's',
    },
    {
      name: 'server and PostgreSQL beside blackbox exporter and Prometheus',
      value: (server + postgres) / prometheus,
      unit: 'x',
      target: '< 1',
      pass: server + postgres < prometheus,
    },
    { name: 'CPU seconds per 1,000 requests, bare undici loop, new connections', value: fresh, unit: 's' },
    { name: 'CPU seconds per 1,000 requests, bare undici loop, kept connections', value: kept, unit: 's' },
    {
      name: 'server and PostgreSQL beside the bare loop with new connections',
      value: (server + postgres) / fresh,
      unit: 'x',
      target: `<= ${timesBareMax}`,
      pass: (server + postgres) / fresh <= timesBareMax,
      note: 'the loop neither schedules, judges nor records',
    },
  ];
}

function manyFigures({ made, server, postgres, lateness }: Measured): BenchResult[] {
  const name = (what: string) =>
    `${manyChecks.toLocaleString('en')} checks every ${intervalSeconds} s: ${what}`;
  const wanted = (manyChecks / intervalSeconds) * measureSeconds;
  const cores = ((server + postgres) * made.count) / 1_000 / measureSeconds;
  return [
    { name: name('made of those due'), value: made.ok / wanted, unit: '' },
    { name: name('lateness p50'), value: lateness.p50, unit: 'ms' },
    { name: name('lateness p99'), value: lateness.p99, unit: 'ms' },
    { name: name('cores used by server and PostgreSQL'), value: cores, unit: '' },
  ];
}

async function seedChecks(house: BenchHouse, url: string, checks: number): Promise<void> {
  const { owner, organizationId } = house;
  const config = {
    url,
    method: 'GET',
    redirects_max: 0,
    expect_status: ['2xx'],
    keep_body_bytes: 0,
    skip_verify: false,
  };
  await owner.query(
    `insert into checks (organization_id, id, slug, name, kind, config, interval_seconds, timeout_seconds, retries, created_at, updated_at)
     select $1, gen_random_uuid(), 'c' || n, 'Check ' || n, 'http', $3::jsonb, $4, 5, 1, now(), now() from generate_series(1, $2::int) n`,
    [organizationId, checks, JSON.stringify(config), intervalSeconds],
  );
  await owner.query(
    `insert into check_state (organization_id, check_id, since, next_due_at)
     select organization_id, id, now(), now() + make_interval(secs => 2 + random() * $1) from checks`,
    [intervalSeconds],
  );
  await owner.query('vacuum analyze checks, check_state');
}

async function usage(house: BenchHouse): Promise<{ server: number; postgres: number }> {
  const { rows } = await house.owner.query<{ pid: number }>('select pg_backend_pid() as pid');
  // The parent of any backend is the server itself.
  const status = await readFile(`/proc/${rows[0]?.pid}/status`, 'utf8');
  const postmaster = Number(/PPid:\s+(\d+)/.exec(status)?.[1] ?? 0);
  return { server: treeCpu(house.server.pid) ?? 0, postgres: treeCpu(postmaster) ?? 0 };
}

/**
 * A check stays on its grid of due times. So its distance from the nearest due time shows how late it began (or, with a
 * timer, slightly early).
 */
async function latenessOf(house: BenchHouse, since: Date | undefined): Promise<{ p50: number; p99: number }> {
  const { rows } = await house.owner.query<{ p50: number; p99: number }>(
    `select percentile_cont(0.5) within group (order by late) * 1000 as p50, percentile_cont(0.99) within group (order by late) * 1000 as p99
     from (
       select (mod(extract(epoch from r.at - s.next_due_at) + 1000.5 * $2::numeric, $2::numeric) - $2::numeric / 2)::float8 as late
       from check_results r join check_state s on s.check_id = r.check_id where r.at >= $1
     ) started`,
    [since, intervalSeconds],
  );
  return rows[0] ?? { p50: Number.POSITIVE_INFINITY, p99: Number.POSITIVE_INFINITY };
}

async function bareLoop(url: string, connections: 'fresh' | 'kept'): Promise<number> {
  const seconds = 15;
  const script = fileURLToPath(new URL('./support/undici-loop.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    script,
    url,
    String(barePerSecond),
    String(seconds),
    connections,
  ]);
  return Number(stdout.trim()) / ((barePerSecond * seconds) / 1_000);
}

async function startTarget(): Promise<{ url: string } & AsyncDisposable> {
  const script = fileURLToPath(new URL('./support/check-server.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout, 'data');
  return {
    url: `http://127.0.0.1:${String(port).trim()}/`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
