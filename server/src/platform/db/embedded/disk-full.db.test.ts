import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, expect, test } from 'vitest';
import { readConfig } from '#config';
import { createApp } from '../../../app.ts';
import { createLogger } from '../../log.ts';
import { migrateUp } from '../migrate.ts';
import {
  asRoot,
  cleanUp,
  cleanUpLater,
  dropCopies,
  start,
  temporaryDir,
  waitFor,
} from './embedded-support.fixture.ts';

const key = 'wk_test_bootstrap_key_0123456789abcdefghij';
const volumeMb = 320;

afterEach(cleanUp);
afterAll(dropCopies);

/** A volume of its own; undefined where this machine lets nobody mount one. */
async function smallVolume(): Promise<string | undefined> {
  const path = await temporaryDir();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${volumeMb}m,mode=755`, 'tmpfs', path], {
      stdio: 'ignore',
    });
  } catch {
    return undefined;
  }
  cleanUpLater(async () => execFileSync('umount', ['-l', path]));
  return path;
}

const volume = asRoot ? await smallVolume() : undefined;

/** Nothing here may be mounted: the same refusal, by a server that says it. */
const how =
  volume === undefined ? 'by a refusal of the server: this machine mounts nothing' : 'on a small volume';

test(`a full disk (${how}) is told as such by health and by every write, reads go on, and space is enough to come back`, {
  timeout: 120_000,
}, async () => {
  const dataDir = join(volume ?? (await temporaryDir()), 'data');
  await mkdir(dataDir, { mode: 0o755 });
  const database = await start({ dataDir });
  await migrateUp(database.url);
  const config = readConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    BOOTSTRAP_API_KEY: key,
    SECRET_KEY: 'the same key in every test process 0123',
  });
  const log = createLogger({ level: 'silent' });
  const app = await createApp({ config, databaseUrl: database.url, role: 'api', log });
  cleanUpLater(() => app.stop());
  await app.http.ready();
  const call = async (method: 'GET' | 'POST', url: string, body?: object) => {
    const response = await app.http.inject({
      method,
      url,
      headers: { authorization: `Bearer ${key}` },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: response.statusCode, body: response.json() };
  };
  const site = (slug: string) => call('POST', '/api/v1/default/sites', { slug, name: slug, timezone: 'UTC' });
  expect((await site('before')).status).toBe(201);
  expect((await call('POST', '/api/v1/default/devices', { slug: 'till', site: 'before' })).status).toBe(201);
  const beat = { device_id: 'till', tenant_id: 'default', store_id: 'before', status: 'ok' };
  expect((await call('POST', '/heartbeat', beat)).status).toBe(202);

  const refill = await fillUp(database.url, dataDir);
  // What is stored has some room in its last pages: it is told at the first write that has not.
  const refused = await waitFor(async () => {
    await refill();
    const answer = await call('POST', '/api/v1/default/events', eventsOf(1_000));
    return answer.status === 503 && answer.body.code === 'storage_full' ? answer : undefined;
  });
  expect(refused.body.detail).toContain('Nothing new is kept until there is space: heartbeats, check-ins');
  const health = await call('GET', '/health');
  expect(health).toMatchObject({
    status: 503,
    body: {
      checks: {
        storage: { status: 'fail', output: expect.stringContaining('disk of the database is full') },
      },
    },
  });
  expect((await call('GET', '/api/v1/default/sites')).body.data).toMatchObject([{ slug: 'before' }]);
  const batch = await waitFor(async () => {
    const answer = await call(
      'POST',
      '/heartbeats',
      Array.from({ length: 500 }, () => ({ ...beat, metrics: wide() })) as never,
    );
    return answer.status === 503 ? answer : undefined;
  });
  expect(batch.body.code).toBe('storage_full');

  await rm(join(dataDir, 'ballast'), { force: true });
  await makeRoom();
  await waitFor(async () => ((await site('after')).status === 201 ? true : undefined));
  expect((await call('POST', '/heartbeat', beat)).status).toBe(202);
});

const eventsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    type: 'sale',
    outcome: 'success',
    site: 'before',
    user_ref: `${index}`.padStart(60, 'x'),
  })) as never;
const wide = () =>
  Object.fromEntries(Array.from({ length: 32 }, (_, index) => [`metric_${index}`, Math.random()]));

let makeRoom = async (): Promise<void> => undefined;

/** Leaves no room: by a file that takes it all, or by a server that refuses as it would. */
async function fillUp(url: string, dataDir: string): Promise<() => Promise<void>> {
  const ballast = join(dataDir, 'ballast');
  if (volume !== undefined)
    return async () => {
      await writeFile(ballast, Buffer.alloc(volumeMb * 1_048_576)).catch(() => undefined);
    };
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  cleanUpLater(() => owner.end());
  await owner.query(`create function disk_full() returns trigger language plpgsql as $$
    begin raise exception 'could not extend file' using errcode = '53100'; end $$`);
  for (const table of ['events', 'heartbeats'])
    await owner.query(
      `create trigger disk_full before insert on ${table} for each row execute function disk_full()`,
    );
  makeRoom = async () => {
    for (const table of ['events', 'heartbeats']) await owner.query(`drop trigger disk_full on ${table}`);
  };
  return async () => undefined;
}
