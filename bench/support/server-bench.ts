import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { nodeFlags } from '../../scripts/server-process.mjs';
import { startEmbeddedPostgres } from '../../server/src/platform/db/embedded/embedded.ts';
import { migrateUp } from '../../server/src/platform/db/migrate.ts';
import { createLogger } from '../../server/src/platform/log.ts';
import { keepApart } from './cores.ts';
import { treeCpu } from './cpu-use.ts';
import type { LoadResult } from './http-load.ts';
import type { LoadPlan } from './load-requests.ts';

/** A server in its own process on its own database, and load from a third process. */
export interface ServerBench {
  readonly owner: pg.Client;
  readonly databaseUrl: string;
  observe(plan: Omit<LoadPlan, 'port'>): Promise<Observed>;
}

/** One run of a route, with the CPU time per request of each process, in microseconds. */
export interface Observed {
  readonly rate: number;
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
  /** The load's `lastSequence`. */
  readonly lastSequence: number;
  readonly cpu: { readonly [Part in 'server' | 'PostgreSQL' | 'load']: number | undefined };
}

interface ServerBenchOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Whether the server gets a core of its own, if the machine has two or more. */
  readonly apart: boolean;
}

export async function withServer<T>(
  options: ServerBenchOptions,
  work: (bench: ServerBench) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-bench-'));
  const apart = options.apart ? keepApart() : undefined;
  const postgres = await startEmbeddedPostgres({
    dataDir: path.join(folder, 'db'),
    log: createLogger({ level: 'warn' }),
  });
  await migrateUp(postgres.url);
  const server = fork(fileURLToPath(new URL('./intake-server.ts', import.meta.url)), {
    execArgv: flags(),
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: postgres.url,
      DATA_DIR: path.join(folder, 'data'),
      LOG_LEVEL: 'warn',
      ...options.env,
    },
  });
  const owner = new pg.Client({ connectionString: postgres.url });
  try {
    // Safe because the child's first message is its address.
    const [{ url }] = (await once(server, 'message')) as [{ url: string }];
    if (server.pid !== undefined) apart?.placeServer(server.pid);
    await owner.connect();
    const port = Number(new URL(url).port);
    return await work({
      owner,
      databaseUrl: postgres.url,
      observe: (plan) => observe(server, postgres.pid, { port, ...plan }),
    });
  } finally {
    await owner.end();
    server.send('stop');
    await once(server, 'exit');
    await postgres.stop();
    apart?.end();
    await rm(folder, { recursive: true, force: true });
  }
}

function flags(): string[] {
  const profile = process.env.BENCH_PROFILE;
  return profile === undefined ? nodeFlags : [...nodeFlags, '--cpu-prof', `--cpu-prof-dir=${profile}`];
}

async function observe(server: ChildProcess, postgresPid: number, plan: LoadPlan): Promise<Observed> {
  const before = [treeCpu(server.pid ?? 0), treeCpu(postgresPid)] as const;
  const result = await load(plan);
  if (result.failures > 0) throw new Error(`${result.failures} requests failed, e.g.\n${result.sample}`);
  const since = (then: number | undefined, now: number | undefined) =>
    then === undefined || now === undefined ? undefined : (now - then) / result.requests;
  return {
    rate: result.requests / result.seconds,
    requests: result.requests,
    p50: result.p50,
    p99: result.p99,
    lastSequence: result.lastSequence,
    cpu: {
      server: since(before[0], treeCpu(server.pid ?? 0)),
      PostgreSQL: since(before[1], treeCpu(postgresPid)),
      load: result.cpu / result.requests,
    },
  };
}

async function load(plan: LoadPlan): Promise<LoadResult> {
  const child = fork(fileURLToPath(new URL('./http-load.ts', import.meta.url)));
  child.send(plan);
  // Safe because the load process answers its plan with one result.
  const [result] = (await once(child, 'message')) as [LoadResult];
  return result;
}
