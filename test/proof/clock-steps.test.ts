import { createServer } from 'node:http';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  ensurePostgres15,
  type RunningPostgres,
  type SteppedClock,
  steppedClock,
} from '../../scripts/test-engines.ts';
import { clockRules } from '../../server/src/app.ts';
import { freePort, type ServerProcess, scratchDir, startServer } from '../support/server-process.ts';
import { waitFor } from '../support/wait-for.ts';

const offlineSeconds = 8;
/** On a busy machine heartbeats are really this late; then an alert about silence is right. */
const lateMs = 0.8 * offlineSeconds * 1000;
const hour = 3_600;
const day = 24 * hour;
const living = ['bay-1', 'bay-2', 'bay-3'];
const dying = 'bay-9';
/** A clock step must be noticed and corrected within a minute, also on a machine that is busy with other tests. */
const healedMs = 60_000;
const readyMs = 240_000;

let databaseTime: SteppedClock;
let processTime: SteppedClock;
let postgres: RunningPostgres;
let server: ServerProcess;
let owner: pg.Client;
let beats: NodeJS.Timeout;
const silent = new Set<string>();
const target = createServer((_request, response) => response.end('ok'));
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const folder = await scratchDir();
  cleanups.push(async () => await folder[Symbol.asyncDispose]());
  databaseTime = await steppedClock(folder.path, 'database');
  processTime = await steppedClock(folder.path, 'process');
  postgres = await ensurePostgres15(databaseTime.env);
  cleanups.push(async () => await postgres[Symbol.asyncDispose]());
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  server = await startServer(
    {
      ...processTime.env,
      PORT: String(await freePort()),
      DATA_DIR: `${folder.path}/data`,
      DATABASE_URL: postgres.url,
      SECRET_KEY: 'the same key in every test process 0123',
      OUTBOUND_ALLOW: '127.0.0.0/8',
      HEARTBEAT_OFFLINE_SECONDS: String(offlineSeconds),
      HEARTBEAT_AUTH: 'open',
      ALERT_CHECK_INTERVAL: '1',
      LOG_LEVEL: 'warn',
    },
    readyMs,
  );
  cleanups.unshift(() => server.kill('SIGTERM'));
  owner = new pg.Client({ connectionString: postgres.url });
  await owner.connect();
  cleanups.unshift(() => owner.end());
  const make = async (path: string, body: object) =>
    expect((await server.call('POST', `/api/v1/default${path}`, body)).status).toBe(201);
  await make('/sites', { slug: 'leeds', name: 'Leeds', timezone: 'Europe/London' });
  for (const slug of [...living, dying]) await make('/devices', { slug, name: slug, site: 'leeds' });
  const address = target.address();
  await make('/checks', {
    slug: 'page',
    kind: 'http',
    config: {
      url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`,
    },
    interval: 2,
    timeout: 2,
  });
  // Deaths are reported one by one.
  const { body: rules } = await server.call('GET', '/api/v1/default/rules?type=device_offline');
  const [rule] = (rules as { data: Record<string, unknown>[] }).data;
  const { id, name, kind, config, severity, auto_resolve } = rule ?? {};
  const calm = { name, kind, config, severity, auto_resolve, cooldown: 0 };
  expect((await server.call('PUT', `/api/v1/default/rules/${id}`, calm)).status).toBe(200);
  beats = setInterval(() => {
    for (const device of [...living, dying])
      if (!silent.has(device)) void beat(device).catch(() => undefined);
  }, 500);
  const seen = 'select count(*)::int as v from device_state where last_seen_at is not null';
  await waitFor('every device to be heard', async () => (await one(seen)) === 4, healedMs);
}, 2 * readyMs);
afterAll(async () => {
  clearInterval(beats);
  for (const clean of cleanups) await clean();
  target.closeAllConnections();
  target.close();
});

/** By device: when its last answered heartbeat was sent, and the longest time without one since `forgetLateness`. */
const heard = new Map<string, { sentAt: number; longestMs: number }>();
const forgetLateness = () => {
  for (const each of heard.values()) each.longestMs = 0;
};

const beat = async (device: string) => {
  const sent = { device_id: device, tenant_id: 'default', store_id: 'leeds', status: 'online' };
  const sentAt = performance.now();
  const { status, body } = await server.call('POST', '/heartbeat', sent);
  expect(status).toBe(202);
  const last = heard.get(device) ?? { sentAt, longestMs: 0 };
  const longestMs = Math.max(last.longestMs, performance.now() - last.sentAt);
  heard.set(device, { sentAt: Math.max(last.sentAt, sentAt), longestMs });
  return Date.parse((body as { server_time: string }).server_time);
};
const one = async (text: string) => (await owner.query<{ v: number }>(text)).rows[0]?.v ?? 0;
const lastResult = () => one('select extract(epoch from last_at)::float8 as v from check_state');
const databaseNow = () => one('select extract(epoch from clock_timestamp())::float8 as v');
const openAlerts = async () =>
  (
    await owner.query<{ kind: string; details: unknown; slug: string | null }>(
      `select alerts.kind, alerts.details, devices.slug
       from alerts left join devices on devices.id = alerts.device_id where alerts.status <> 'resolved'`,
    )
  ).rows;
/** Wrong alerts: those of devices that are well, except devices whose heartbeats were really late. */
const wronged = async () =>
  (await openAlerts()).filter(
    ({ slug }) => slug !== dying && (heard.get(slug ?? '')?.longestMs ?? 0) < lateMs,
  );
const clockHealth = async (path: string) => {
  const { body } = await server.call('GET', path);
  return (body as { status: string; checks: { clock: { status: string; output?: string } } }).checks.clock;
};

/** Times that are further in the future than allowed, by table. */
async function ahead(): Promise<string[]> {
  const found: string[] = [];
  for (const { table, past } of clockRules())
    for (const column of past) {
      const { rows } = await owner.query(
        `select count(*)::int as n from ${table} where ${column} > clock_timestamp() + interval '3 seconds'`,
      );
      if (rows[0].n > 0) found.push(`${table}.${column}: ${rows[0].n}`);
    }
  return found;
}

/** Sets the clock of the database's machine to this offset, and waits until heartbeats and checks have its times. */
async function follow(offset: number): Promise<void> {
  await databaseTime.step(offset);
  const isThere = (seconds: number, tolerance: number) =>
    Math.abs(seconds - (Date.now() / 1000 + offset)) < tolerance;
  await waitFor(
    `heartbeats and checks at ${offset} s`,
    async () =>
      isThere(await databaseNow(), 2) &&
      isThere((await beat('bay-1')) / 1000, 2) &&
      isThere(await lastResult(), 4),
    healedMs,
  );
}

/** Proves that the watch works: only the dead device has an alert, checks run, and no time is in the future. */
async function expectSight(): Promise<void> {
  const from = await databaseNow();
  forgetLateness();
  silent.add(dying);
  await waitFor(
    'an alert about the dead device',
    async () => (await openAlerts()).some(({ kind, slug }) => kind === 'absence' && slug === dying),
    healedMs,
  );
  await waitFor('no time to be in the future', async () => (await ahead()).length === 0, healedMs);
  await waitFor('a check to be made', async () => (await lastResult()) > from, healedMs);
  expect(await wronged()).toEqual([]);
  silent.delete(dying);
  await waitFor('it to be back', async () => (await openAlerts()).length === 0, healedMs);
}

test("a step of a process's own clock changes nothing, and health warns that it is off", async () => {
  await expectSight();
  for (const offset of [hour, -day]) {
    await processTime.step(offset);
    const words =
      offset > 0 ? "clock is 60 min ahead of the database's" : "clock is 24 h behind the database's";
    await waitFor(
      'health to tell',
      async () => (await clockHealth('/health/ready')).output?.includes(words),
      healedMs,
    );
    expect((await clockHealth('/health/detailed')).status).toBe('warn');
    expect(Math.abs((await beat('bay-1')) / 1000 - (await databaseNow()))).toBeLessThan(3);
  }
  await processTime.step(0);
  await waitFor(
    'health to stop warning',
    async () => !(await clockHealth('/health/ready')).output?.includes("This machine's clock"),
    healedMs,
  );
  expect(await wronged()).toEqual([]);
});

test.each([
  ['5 s', 5],
  ['an hour', hour],
  ['a day', day],
  ['three days', 3 * day],
])(
  'when a clock that was %s ahead goes back, the watch still works, health says so, and times are corrected within a minute',
  async (_what, offset) => {
    await follow(offset);
    await follow(0);
    await expectSight();
    // The pass that corrects and reports runs every ten seconds: a step of some seconds is over before it.
    await waitFor(
      'health to tell that the times were corrected',
      async () =>
        /ahead and went back at .* were corrected/.test((await clockHealth('/health/ready')).output ?? ''),
      healedMs,
    );
    expect((await clockHealth('/health/ready')).status).toBe('warn');
    expect(await one('select count(*)::int as v from rollup_progress where upto > clock_timestamp()')).toBe(
      0,
    );
    // A step of five seconds is over before any result is written.
    if (offset > 60)
      expect(
        await one("select count(*)::int as v from check_results where details ? 'clock_was_ahead_seconds'"),
      ).toBeGreaterThan(0);
  },
);

test('a clock that goes back for good, and later forward again, is followed both times', async () => {
  await follow(-hour);
  await expectSight();
  await follow(0);
  await expectSight();
});
