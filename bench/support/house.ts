import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../server/src/platform/db/embedded/embedded.ts';
import { createLogger } from '../../server/src/platform/log.ts';
import { freePort, processKey, type ServerProcess, startServer } from '../../test/support/server-process.ts';

export interface BenchHouse extends AsyncDisposable {
  readonly server: ServerProcess;
  /** The owner's connection to the server's database. */
  readonly owner: pg.Client;
  readonly organizationId: string;
  /** Settings for another process of this server. */
  readonly env: Readonly<Record<string, string>>;
  restart(): Promise<ServerProcess>;
}

/** The real server process on a scratch embedded PostgreSQL, with the same durability as in production. */
export async function benchHouse(env: Record<string, string> = {}): Promise<BenchHouse> {
  const folder = await mkdtemp(path.join(tmpdir(), 'watchkeeper-bench-'));
  const postgres = await startEmbeddedPostgres({
    dataDir: path.join(folder, 'db'),
    log: createLogger({ level: 'warn' }),
    settings: { track_commit_timestamp: 'on' },
  });
  const settings = async () => ({
    PORT: String(await freePort()),
    DATA_DIR: path.join(folder, 'data'),
    DATABASE_URL: postgres.url,
    BOOTSTRAP_API_KEY: processKey,
    LOG_LEVEL: 'warn',
    ...env,
  });
  let server = await startServer(await settings());
  const owner = new pg.Client({ connectionString: postgres.url });
  await owner.connect();
  const { rows } = await owner.query<{ id: string }>("select id from organizations where slug = 'default'");
  return {
    get server() {
      return server;
    },
    owner,
    organizationId: rows[0]?.id ?? '',
    env: { DATABASE_URL: postgres.url, DATA_DIR: path.join(folder, 'data') },
    async restart() {
      await server.kill('SIGTERM');
      server = await startServer(await settings());
      return server;
    },
    async [Symbol.asyncDispose]() {
      await owner.end();
      await server.kill('SIGTERM');
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Devices and their states, created by SQL: slugs `d1` to `dN`, all online and last heard now. */
export async function seedDevices(house: BenchHouse, count: number): Promise<void> {
  const { owner, organizationId } = house;
  await owner.query(
    `insert into sites (organization_id, id, slug, name, timezone, created_at, updated_at)
     select $1, gen_random_uuid(), 'bench', 'Bench', 'UTC', now(), now()`,
    [organizationId],
  );
  await owner.query(
    `insert into devices (organization_id, id, site_id, slug, name, created_at, updated_at)
     select $1, gen_random_uuid(), (select id from sites where slug = 'bench'), 'd' || n, 'Device ' || n, now(), now()
     from generate_series(1, $2::int) n`,
    [organizationId, count],
  );
  await owner.query(
    `insert into device_state (organization_id, device_key, device_id, site_id, last_seen_at, status, status_since)
     select organization_id, key, id, site_id, now(), 'online', now() from devices
     on conflict (device_key) do update set last_seen_at = excluded.last_seen_at, status = 'online'`,
  );
  await owner.query('vacuum analyze device_state, devices');
}

/** Resident memory of a process in MiB. */
export async function residentMiB(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1] ?? 0) / 1024;
}
