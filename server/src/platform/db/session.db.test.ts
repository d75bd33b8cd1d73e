import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '#config';
import { ensurePgBouncer } from '../../../../scripts/test-engines.ts';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.ts';
import { databaseWire } from '../../../../test/support/database-wire.ts';
import { freePort } from '../../../../test/support/server-process.ts';
import { waitFor } from '../../../../test/support/wait-for.ts';
import { createEvents } from '../event-publisher.ts';
import { createEventWork } from '../event-work.ts';
import { defineEvent, subscribe } from '../events.ts';
import { newId } from '../ids.ts';
import { createLive } from '../live-postgres.ts';
import { createLogger } from '../log.ts';
import type { Module } from '../module.ts';
import { createProcessState } from '../process-state.ts';
import { type Database, openDatabase } from './database.ts';
import { migrateUp } from './migrate.ts';
import { requireSessions } from './session.ts';

const log = createLogger({ level: 'silent' });
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const openOn = (url: string): Database =>
  openDatabase({ url, poolMax: 2, connectTimeoutMs: 5_000, statementTimeoutMs: 12_000, log });

const settings = `select current_user as role, current_setting('statement_timeout') as timeout,
  current_setting('timezone') as zone, current_setting('work_mem') as work_mem`;

/** The work of a server with its database, in short. */
async function useAll(url: string): Promise<Record<string, unknown>[]> {
  const db = openOn(url);
  const client = await db.connect();
  try {
    const pooled = await db.pool.query(settings);
    const lone = await client.query(settings);
    const inside = await db.system((tx) => sql.raw<Record<string, unknown>>(settings).execute(tx));
    return [pooled.rows[0], lone.rows[0], inside.rows[0]];
  } finally {
    await client.end();
    await db.close();
  }
}

async function handsOnEvents(url: string): Promise<void> {
  const heard: string[] = [];
  const happened = defineEvent<{ organizationId: string; word: string }>('test.session');
  const house: Module[] = [
    {
      name: 'test',
      subscriptions: [subscribe(happened, 'test', async (_ctx, { word }) => void heard.push(word))],
    },
  ];
  const db = openOn(url);
  const live = createLive(db, log);
  await live.start();
  const config = readConfig({});
  const work = createEventWork({ db, log, live, config, process: createProcessState('worker', 0) }, house);
  work.start();
  const events = createEvents(house);
  await database.db.system((tx) => events.publish(tx, happened, { organizationId: newId(), word: 'done' }));
  await waitFor('the event to be heard', () => heard.includes('done'));
  await work.stop(2_000);
  await live[Symbol.asyncDispose]();
  await db.close();
}

const withOptions = (url: string, options: string) => {
  const own = new URL(url);
  own.searchParams.set('options', options);
  return own.toString();
};

test('a DATABASE_URL with options of its own keeps them, and our role and time limit beside them', async () => {
  const url = withOptions(database.url, '-c work_mem=5MB -c statement_timeout=99s -c role=none');
  const expected = { role: 'watchkeeper_system', timeout: '12s', zone: 'UTC', work_mem: '5MB' };
  expect(await useAll(withOptions(database.url, '-c work_mem=5MB'))).toEqual([expected, expected, expected]);
  expect((await useAll(url))[0]).toMatchObject({ role: 'watchkeeper_system', timeout: '12s' });
  await handsOnEvents(withOptions(database.url, '-c work_mem=5MB'));
});

test('the start-up packet has no parameter that a pooler refuses', async () => {
  let refused = 0;
  await using gate = await databaseWire(database.url, (bytes, cut) => {
    // The start-up packet: no type byte, version 3.
    const isStartUp = bytes.length > 8 && bytes.readInt32BE(4) === 196_608;
    if (!isStartUp || !bytes.includes('options\0')) return;
    refused += 1;
    cut();
  });
  expect((await useAll(gate.url))[0]).toMatchObject({ role: 'watchkeeper_system', timeout: '12s' });
  await handsOnEvents(gate.url);
  expect(refused).toBe(0);
});

test('a connection that is cut while it begins to listen is opened again once, and each change is heard once', async () => {
  let cuts = 0;
  await using wire = await databaseWire(database.url, (bytes, cut) => {
    if (!bytes.includes('listen watchkeeper_live') || cuts > 1) return;
    // Cut at the second time; at the first, the start would fail.
    cuts += 1;
    if (cuts === 2) cut();
  });
  const db = openOn(wire.url);
  const live = createLive(db, log);
  await live.start();
  const heard: string[] = [];
  live.subscribe('any', (change) => heard.push(change.topic));
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  const listening = async (): Promise<number[]> => {
    const { rows } = await owner.query(
      `select pid from pg_stat_activity where query = 'listen watchkeeper_live' and datname = current_database()`,
    );
    return rows.map((row) => row.pid);
  };
  const count = (topic: string) => heard.filter((one) => one === topic).length;
  // Twice, so that a wrong second connection beside the first would have shown itself.
  for (const cut of [1, 2]) {
    await owner.query('select pg_terminate_backend(pid) from unnest($1::int[]) pid', [await listening()]);
    await waitFor('the line to be open again', () => count('resync') >= cut);
    expect(await listening()).toHaveLength(1);
    await database.db.system((tx) => live.publish(tx, { organizationId: 'any', topic: 'news', ids: [] }));
    await waitFor('the news', () => count('news') >= cut);
  }
  expect([count('resync'), count('news'), cuts]).toEqual([2, 2, 2]);
  await live[Symbol.asyncDispose]();
  await db.close();
  await owner.end();
});

/** A real PgBouncer in front of the suite's server; it refuses to run as root. */
async function startPgBouncer(mode: 'session' | 'transaction'): Promise<{ url: string } & AsyncDisposable> {
  const dir = await mkdtemp(path.join(tmpdir(), 'wk-pgbouncer-'));
  await chmod(dir, 0o755);
  const port = await freePort();
  // By TCP, because the socket of an embedded server belongs to its own user.
  const wire = await databaseWire(database.url, () => undefined);
  const { port: serverPort, username: user, password, pathname } = new URL(wire.url);
  // A server that trusts everybody has no password, and PgBouncer takes no empty one.
  const given = password === '' ? '' : ` password='${decodeURIComponent(password)}'`;
  const file = path.join(dir, 'pgbouncer.ini');
  await writeFile(
    file,
    `[databases]
* = host=127.0.0.1 port=${serverPort} user=${user}${given}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = 40
`,
  );
  const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const pgbouncer = ensurePgBouncer();
  const child: ChildProcess = spawn(pgbouncer.path, [file], {
    stdio: 'ignore',
    env: pgbouncer.env,
    ...asNobody,
  });
  const url = `postgres://${user}@127.0.0.1:${port}${pathname}`;
  await waitFor('PgBouncer to answer', async () => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    await client.end();
    return true;
  });
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await wire[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

describe('behind PgBouncer', () => {
  test('with pool_mode = session everything works: migrations, roles, jobs, LISTEN', async () => {
    await using pooler = await startPgBouncer('session');
    expect(await migrateUp(pooler.url)).toEqual([]);
    expect((await useAll(pooler.url))[0]).toMatchObject({ role: 'watchkeeper_system', timeout: '12s' });
    await handsOnEvents(pooler.url);
    const db = openOn(pooler.url);
    const live = createLive(db, log);
    await live.start();
    const heard: string[] = [];
    live.subscribe('any', (change) => heard.push(change.topic));
    await db.system((tx) => live.publish(tx, { organizationId: 'any', topic: 'news', ids: [] }));
    await waitFor('the news', () => heard.includes('news'));
    await live[Symbol.asyncDispose]();
    await db.close();
  });

  test('with pool_mode = transaction it is refused with a reason, before anything is changed', async () => {
    await using pooler = await startPgBouncer('transaction');
    await expect(requireSessions(pooler.url)).rejects.toThrow(/pool_mode = session/);
    await expect(migrateUp(pooler.url)).rejects.toThrow(/pool_mode = session/);
  });
});
