import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Temporal } from '#platform/temporal';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../../test/support/tenants.ts';
import { runDueChecks } from '../index.ts';
import { pingsKept } from './ping.ts';

let house: TestApp;
let clock: TestClock;
let alice: Tenant;
let bob: Tenant;

beforeAll(async () => {
  // Starts at the real time, because results are in partitions around today; then it is moved by hand.
  clock = testClock(new Date());
  house = await testApp({ clock, env: { PING_RATE_LIMIT_PER_MINUTE: '0' } });
  alice = await testTenant(house, 'alice');
  bob = await testTenant(house, 'bob');
  await house.app.workOnce(1_000);
});
afterAll(() => house.close());

/** Beats come twice a second, but the clock here jumps: write that we have watched since then. */
async function watched(sinceSecondsAgo = 86_400): Promise<void> {
  const [now, since] = [new Date(clock.now()), new Date(clock.now() - sinceSecondsAgo * 1_000)];
  await house.ctx.db.system((tx) =>
    sql`insert into watch_state (watching_since, last_beat_at) values (${since}, ${now})
      on conflict (singleton) do update set watching_since = ${since}, last_beat_at = ${now}`.execute(tx),
  );
}

async function pass(seconds: number): Promise<void> {
  clock.advance(seconds);
  await watched();
  await house.app.workOnce(1_000);
}

async function make(slug: string, config: object = {}, more: object = {}) {
  const body = {
    slug,
    name: `Job ${slug}`,
    kind: 'ping',
    config: { period: 3_600, grace: 600, ...config },
    ...more,
  };
  const made = await alice.call('POST', '/checks', { body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return { ...made, path: new URL(made.body.ping_url).pathname };
}
const read = async (slug: string) => (await alice.call('GET', `/checks/${slug}`)).body;
const ping = async (path: string, status = 200) => {
  const answer = await house.call('GET', path, { token: null });
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  await runDueChecks(house.ctx);
};
/** Open alerts of one check. */
const openAlerts = async (slug: string) =>
  (await alice.call('GET', '/alerts?type=check_failure&status=active')).body.data.filter(
    (alert: { title: string }) => alert.title === `Job ${slug} is down`,
  );
const results = async (slug: string) => (await alice.call('GET', `/checks/${slug}/results`)).body.data;

describe('an expected check-in', () => {
  test('is made with addresses of its own, which only those who may change checks can see', async () => {
    const { body } = await make('secret');
    expect(body.ping_url).toMatch(/\/ping\/[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(body).toMatchObject({
      interval: 0,
      alert_after_failures: 1,
      config: { uuid: '***', push_token: '***' },
      state: { status: 'pending', next_due_at: null },
      ping: { phase: 'new', pings: 0, push_url: expect.stringMatching(/\/api\/push\/[\w-]{32}$/) },
    });
    const shown = (await alice.call('GET', '/checks/secret', { token: alice.readKey })).body;
    expect(shown).toMatchObject({ ping_url: null, ping: { push_url: null } });
    const audit = JSON.stringify((await alice.call('GET', '/audit?limit=5')).body);
    expect(audit).not.toContain(body.ping_url.slice(-36));
    expect((await bob.call('GET', '/checks/secret/pings')).status).toBe(404);
  });

  test.each<[string, object, string]>([
    ['neither a period nor a cron expression', { config: {} }, 'config.period'],
    ['both', { config: { period: 60, cron: '* * * * *' } }, 'config.period'],
    ['a cron expression of four fields', { config: { cron: '* * * *' } }, 'config.cron'],
    ['a day that never comes', { config: { cron: '0 0 30 2 *' } }, 'config.cron'],
    ['an unknown zone', { config: { cron: '0 0 * * *', timezone: 'Mars/Olympus' } }, 'config.timezone'],
    ['an address that is not a UUID', { config: { period: 60, uuid: 'abc' } }, 'config.uuid'],
    ['an interval', { config: { period: 60 }, interval: 60 }, 'interval'],
  ])('is refused with %s', async (_what, wrong, field) => {
    const answer = await alice.call('POST', '/checks', { body: { slug: 'wrong', kind: 'ping', ...wrong } });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].field).toBe(field);
  });

  test('takes over an address from another tool, unless a check has it already', async () => {
    const uuid = '31365BCE-0000-4000-8000-00000000000C';
    const { path } = await make('moved', { uuid });
    expect(path).toBe(`/ping/${uuid.toLowerCase()}`);
    const body = { slug: 'thief', kind: 'ping', config: { period: 60, uuid } };
    for (const tenant of [alice, bob]) {
      const again = await tenant.call('POST', '/checks', { body });
      expect(again).toMatchObject({ status: 409, body: { errors: [{ field: 'config.uuid' }] } });
    }
    await ping(path);
    const other = '31365bce-0000-4000-8000-00000000000d';
    const changed = await alice.call('PUT', '/checks/moved', {
      body: { config: { period: 60, uuid: other } },
    });
    expect(changed.body.ping_url).toContain(other);
    await ping(path, 404);
    await ping(`/ping/${other}`);
    const kept = await alice.call('PUT', '/checks/moved', { body: { config: { period: 60, uuid: '***' } } });
    expect(kept.body.ping_url).toContain(other);
    expect((await alice.call('DELETE', '/checks/moved')).status).toBe(204);
    await ping(`/ping/${other}`, 404);
  });

  test('cannot be run by hand', async () => {
    await make('waiting');
    expect((await alice.call('POST', '/checks/waiting/run')).status).toBe(409);
  });
});

describe('its standing', () => {
  test('goes from new to up, late and down with one alert, and back with the next check-in', async () => {
    const { path } = await make('nightly');
    await pass(86_400);
    expect((await read('nightly')).ping.phase).toBe('new');
    await ping(path);
    expect(await read('nightly')).toMatchObject({
      state: { status: 'up', last_result: { outcome: 'ok', reason: 'It checked in.' } },
      ping: { phase: 'up', pings: 1 },
    });
    await pass(3_601);
    expect(await read('nightly')).toMatchObject({ state: { status: 'up' }, ping: { phase: 'late' } });
    await pass(600);
    expect(await read('nightly')).toMatchObject({
      state: {
        status: 'down',
        reason: expect.stringMatching(/^It last checked in at .* with 600 s of grace\.$/),
      },
      ping: { phase: 'down' },
    });
    expect(await openAlerts('nightly')).toMatchObject([{ title: 'Job nightly is down' }]);
    await pass(3_600);
    expect((await read('nightly')).state.consecutive_failures).toBe(2);
    clock.advance(1);
    expect(await openAlerts('nightly')).toHaveLength(1);
    await ping(path);
    await house.app.workOnce(1_000);
    expect((await read('nightly')).state.status).toBe('up');
    expect(await openAlerts('nightly')).toEqual([]);
    expect((await results('nightly')).map((result: { outcome: string }) => result.outcome)).toEqual([
      'ok',
      'failed',
      'failed',
      'ok',
    ]);
  });

  test('follows the reports of the job: started, overrunning, failed, and how long it took', async () => {
    const { path } = await make('backup', { max_run_time: 1_800 });
    await ping(`${path}/start`);
    expect(await read('backup')).toMatchObject({
      state: { status: 'pending' },
      ping: { phase: 'started', runs: 1, running_since: new Date(clock.now()).toISOString() },
    });
    await pass(90);
    await ping(path);
    expect(await read('backup')).toMatchObject({
      state: { status: 'up', last_result: { total_ms: 90_000 } },
      ping: { phase: 'up', runs: 0, last_duration_ms: 90_000 },
    });
    await ping(`${path}/start`);
    await pass(1_801);
    expect(await read('backup')).toMatchObject({
      state: { status: 'down', reason: expect.stringMatching(/longer than the 1800 s it may take/) },
      ping: { phase: 'overrunning' },
    });
    await ping(`${path}/0`);
    expect((await read('backup')).state.status).toBe('up');
    await ping(`${path}/3`);
    await house.app.workOnce(1_000);
    expect((await read('backup')).state).toMatchObject({
      status: 'down',
      reason: 'It ended with exit status 3.',
    });
    expect(await openAlerts('backup')).toHaveLength(1);
    await ping(`${path}/log`);
    expect((await read('backup')).state.status).toBe('down');
    await ping(path);
    await house.app.workOnce(1_000);
  });

  test('separates overlapping runs by their run ids', async () => {
    const { path } = await make('parallel');
    const [a, b] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
    await ping(`${path}/start?rid=${a}`);
    await pass(10);
    await ping(`${path}/start?rid=${b}`);
    await pass(10);
    await ping(`${path}?rid=${a}`);
    expect((await read('parallel')).ping).toMatchObject({
      runs: 1,
      last_duration_ms: 20_000,
      phase: 'started',
    });
    await pass(10);
    await ping(`${path}?rid=${b.toUpperCase()}`);
    expect((await read('parallel')).ping).toMatchObject({ runs: 0, last_duration_ms: 20_000, phase: 'up' });
    const { data } = (await alice.call('GET', '/checks/parallel/pings')).body;
    expect(
      data.map((one: { rid: string; kind: string; duration_ms: number }) => [
        one.kind,
        one.rid,
        one.duration_ms,
      ]),
    ).toEqual([
      ['success', b, 20_000],
      ['success', a, 20_000],
      ['start', b, null],
      ['start', a, null],
    ]);
  });

  test('is unknown, without an alert, when we were away at its due time', async () => {
    const { path } = await make('away');
    await ping(path);
    clock.advance(4_300);
    await watched(700);
    await house.app.workOnce(1_000);
    expect((await read('away')).state).toMatchObject({
      status: 'unknown',
      reason: expect.stringMatching(/was away/),
    });
    expect(await openAlerts('away')).toEqual([]);
    await pass(3_600);
    expect((await read('away')).state.status).toBe('down');
    await ping(path);
    await house.app.workOnce(1_000);
  });

  test('is not judged while no process takes pings', async () => {
    const { path } = await make('deaf');
    await ping(path);
    clock.advance(10_000);
    await house.app.workOnce(1_000);
    expect((await read('deaf')).state.status).toBe('up');
    await alice.call('DELETE', '/checks/deaf');
  });

  test('is not judged while the check it depends on is down', async () => {
    const parent = await make('server');
    const child = await make('job', {}, { depends_on: ['server'] });
    await ping(parent.path);
    await ping(child.path);
    await ping(`${parent.path}/fail`);
    await ping(`${child.path}/fail`);
    expect((await read('job')).state).toMatchObject({
      status: 'unknown',
      reason: expect.stringContaining('Job server'),
    });
    await ping(parent.path);
    await ping(child.path);
    await house.app.workOnce(1_000);
  });

  test('follows a changed schedule at once, and starts again when it is switched on', async () => {
    const { path } = await make('changing');
    await ping(path);
    const config = { period: 60, grace: 30 };
    const tight = await alice.call('PUT', '/checks/changing', { body: { config } });
    expect(tight.body.ping.expected_at).toBe(new Date(clock.now() + 60_000).toISOString());
    await pass(91);
    expect((await read('changing')).state.status).toBe('down');
    await alice.call('PUT', '/checks/changing', { body: { config, enabled: false } });
    await pass(91);
    expect(await read('changing')).toMatchObject({ state: { status: 'pending' }, ping: { phase: 'paused' } });
    expect(await openAlerts('changing')).toEqual([]);
    await ping(path);
    expect((await read('changing')).ping).toMatchObject({ phase: 'paused', pings: 2, expected_at: null });
    await alice.call('PUT', '/checks/changing', { body: { config, enabled: true } });
    await pass(1_000);
    expect((await read('changing')).ping.phase).toBe('new');
  });

  test('with a cron expression is due in the local time of its zone', async () => {
    const { path } = await make('cron', {
      period: undefined,
      cron: '0 4 * * *',
      timezone: 'America/Halifax',
    });
    await ping(path);
    const { expected_at: expected } = (await read('cron')).ping;
    const there = Temporal.Instant.from(expected).toZonedDateTimeISO('America/Halifax');
    expect([there.hour, there.minute]).toEqual([4, 0]);
    expect(Date.parse(expected) - clock.now()).toBeLessThanOrEqual(86_400_000);
    await alice.call('DELETE', '/checks/cron');
  });
});

describe('pings', () => {
  test('are kept to the last hundred, with the first bytes of their bodies', async () => {
    const { path } = await make('chatty');
    const large = Buffer.alloc(50_000, 'é');
    const post = (payload: Buffer | string, type = 'application/x-www-form-urlencoded') =>
      house.http.inject({ method: 'POST', url: `${path}/log`, payload, headers: { 'content-type': type } });
    expect((await post(large)).statusCode).toBe(200);
    expect((await post('a\0b', 'nonsense')).statusCode).toBe(200);
    for (let sent = 0; sent < pingsKept; sent += 1) await post(`line ${sent}`);
    await runDueChecks(house.ctx);
    const all = (await alice.call('GET', '/checks/chatty/pings?limit=500')).body.data;
    expect(all).toHaveLength(pingsKept);
    expect(all[0]).toMatchObject({ n: 102, body_start: 'line 99', kind: 'log', method: 'POST' });
    expect((await read('chatty')).ping).toMatchObject({ pings: 102, phase: 'new' });
    expect((await alice.call('GET', '/checks/chatty/pings/1')).status).toBe(404);
    const page = (await alice.call('GET', '/checks/chatty/pings?limit=2')).body;
    const next = (await alice.call('GET', `/checks/chatty/pings?limit=2&cursor=${page.next_cursor}`)).body;
    expect(next.data.map((one: { n: number }) => one.n)).toEqual([100, 99]);
    await post(large);
    await post('a\0b');
    await runDueChecks(house.ctx);
    const kept = (await alice.call('GET', '/checks/chatty/pings/103')).body;
    expect(kept.body_bytes).toBe(50_000);
    expect(Buffer.byteLength(kept.body)).toBe(10_000);
    expect((await alice.call('GET', '/checks/chatty/pings/104')).body.body).toBe('a\0b');
  });

  test('that cannot be applied are set aside and delay no others', async () => {
    const { path } = await make('robust');
    await house.ctx.db.system((tx) =>
      sql`insert into ping_journal (at, items) values (now(), 'not json')`.execute(tx),
    );
    await ping(path);
    expect((await read('robust')).ping.pings).toBe(1);
    const { rows } = await house.ctx.db.system((tx) =>
      sql<{ faulty: boolean }>`select faulty from ping_journal`.execute(tx),
    );
    expect(rows).toEqual([{ faulty: true }]);
  });

  test('of a check that was deleted meanwhile are dropped', async () => {
    const { path } = await make('gone');
    expect((await house.call('GET', path, { token: null })).status).toBe(200);
    await alice.call('DELETE', '/checks/gone');
    await runDueChecks(house.ctx);
    const { rows } = await house.ctx.db.system((tx) =>
      sql`select from ping_journal where not faulty`.execute(tx),
    );
    expect(rows).toEqual([]);
  });
});
