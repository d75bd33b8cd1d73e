import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { readConfig } from '#config';
import { waitFor } from '../../../../../test/support/wait-for.ts';
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
} from './embedded-support.fixture.ts';

const key = 'wk_test_bootstrap_key_0123456789abcdefghij';
const volumeMb = 320;
/** A crash recovery takes long on a busy machine. */
const waitMs = 60_000;

afterEach(cleanUp);
afterAll(dropCopies);

/** A volume of its own; undefined where this machine forbids mounting. */
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

const how =
  volume === undefined
    ? 'left out: this machine mounts nothing; health has the refusals alone'
    : 'a small volume';

test.skipIf(volume === undefined)(
  `a full disk (${how}) is reported by health and every write, reads go on, and with space all recovers by itself`,
  async () => {
    const dataDir = join(volume ?? '', 'data');
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
    await (await app.openHttp()).ready();
    const call = async (method: 'GET' | 'POST', url: string, body?: object) => {
      const response = await app.http.inject({
        method,
        url,
        headers: { authorization: `Bearer ${key}` },
        ...(body === undefined ? {} : { payload: body }),
      });
      return { status: response.statusCode, body: response.json() };
    };
    const site = (slug: string) =>
      call('POST', '/api/v1/default/sites', { slug, name: slug, timezone: 'UTC' });
    expect((await site('before')).status).toBe(201);
    expect((await call('POST', '/api/v1/default/devices', { slug: 'till', site: 'before' })).status).toBe(
      201,
    );
    const beat = { device_id: 'till', tenant_id: 'default', store_id: 'before', status: 'ok' };
    expect((await call('POST', '/heartbeat', beat)).status).toBe(202);

    // The test takes all the space that the database frees.
    const ballast = join(dataDir, 'ballast');
    const refill = () => writeFile(ballast, Buffer.alloc(volumeMb * 1_048_576)).catch(() => undefined);
    // The last pages of the tables have some room: the first write without room reports the full disk.
    const refused = await waitFor(
      'the first write that finds no room',
      async () => {
        await refill();
        const answer = await call('POST', '/api/v1/default/events', eventsOf(1_000));
        return answer.status === 503 && answer.body.code === 'storage_full' ? answer : undefined;
      },
      waitMs,
    );
    expect(refused.body.detail).toContain(
      'Nothing new is stored until there is space. Heartbeats, check-ins',
    );
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
    const batch = await waitFor(
      'a batch that finds no room',
      async () => {
        const answer = await call(
          'POST',
          '/heartbeats',
          Array.from({ length: 500 }, () => ({ ...beat, metrics: wide() })) as never,
        );
        return answer.status === 503 ? answer : undefined;
      },
      waitMs,
    );
    // Where even its log has no room the server ends, and is back with the first free space.
    expect(['storage_full', 'database_unavailable']).toContain(batch.body.code);

    await rm(ballast, { force: true });
    await waitFor('the database to be back', async () => (await site('after')).status === 201, waitMs);
    expect((await call('POST', '/heartbeat', beat)).status).toBe(202);
  },
);

const eventsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    type: 'sale',
    outcome: 'success',
    site: 'before',
    user_ref: `${index}`.padStart(60, 'x'),
  })) as never;
const wide = () =>
  Object.fromEntries(Array.from({ length: 32 }, (_, index) => [`metric_${index}`, Math.random()]));
