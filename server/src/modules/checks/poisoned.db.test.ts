import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLoopbackServer } from '#platform/outbound/loopback-server';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../test/support/clock.ts';
import { poisonWhere } from '../../../../test/support/poison.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';
import { ninjaCredentials, startNinjaOne } from '../../demo/simulators/ninjaone.ts';
import { runDueChecks } from './index.ts';
import { rollUpUptime } from './uptime/roll-up.ts';

let house: TestApp;
let clock: TestClock;
let alice: Tenant;
let bob: Tenant;
let target: Awaited<ReturnType<typeof startLoopbackServer>>;
let body: string | Buffer = 'hello';
let status = 200;

beforeAll(async () => {
  // Starts at the real time, because results are in partitions around today; then it is moved by hand.
  clock = testClock(new Date());
  house = await testApp({ clock });
  alice = await testTenant(house, 'alice');
  bob = await testTenant(house, 'bob');
  target = await startLoopbackServer((_request, response) => response.writeHead(status).end(body));
  await house.app.workOnce(1_000);
});
afterAll(async () => {
  await target[Symbol.asyncDispose]();
  await house.close();
});

const make = async (tenant: Tenant, slug: string, config: object = {}) => {
  const made = await tenant.call('POST', '/checks', {
    body: {
      slug,
      name: slug,
      kind: 'http',
      config: { url: `http://127.0.0.1:${target.port}/`, keep_body_bytes: 1_000, ...config },
      interval: '20s',
      retries: 0,
      alert_after_failures: 1,
    },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
};
const stateOf = async (tenant: Tenant, slug: string) =>
  (await tenant.call('GET', `/checks/${slug}`)).body.state;
const resultsOf = async (tenant: Tenant, slug: string) =>
  (await tenant.call('GET', `/checks/${slug}/results`)).body.data;
const round = async () => {
  clock.advance(20);
  await runDueChecks(house.ctx);
  await house.app.workOnce(1_000);
};

test.each([
  ['the six characters that look like NUL', String.raw`{"a":"\u0000","b":"\\u0000"}`],
  ['NUL itself', 'a\0b'],
  ['half a character of UTF-16 in words', String.raw`{"a":"\ud83d"}`],
  ['bytes that are not text', Buffer.from([0xed, 0xa0, 0xbd, 0x00, 0xff])],
])(
  'a page with %s in a kept body is recorded, and so are the checks of everybody else',
  async (_what, page) => {
    body = page;
    await make(alice, 'odd');
    await make(bob, 'good');
    await round();
    expect(await stateOf(bob, 'good')).toMatchObject({ status: 'up', last_result: { outcome: 'ok' } });
    expect(await stateOf(alice, 'odd')).toMatchObject({ status: 'up', last_result: { outcome: 'ok' } });
    const [result] = await resultsOf(alice, 'odd');
    if (typeof page === 'string' && !page.includes('\0')) expect(result.details.body).toBe(page);
    await alice.call('DELETE', '/checks/odd');
    await bob.call('DELETE', '/checks/good');
    body = 'hello';
  },
);

test('a result that the database refuses affects only its check, and the others are written once', async () => {
  const names = ['c1', 'c2', 'c3', 'c4', 'c5'];
  for (const name of names) await make(bob, name);
  await make(alice, 'poisoned', { keep_body_bytes: 7 });
  // Healthy checks, some with a change of status and some without.
  await round();
  const [first] = await resultsOf(bob, 'c1');
  expect(first).toMatchObject({ outcome: 'ok' });
  await using _poison = await poisonWhere(house, 'check_results', `new.details->>'body' = 'hello p'`);
  body = 'hello poison';
  status = 200;
  await make(bob, 'c6');
  await round();
  for (const name of [...names, 'c6'])
    expect(await stateOf(bob, name), name).toMatchObject({ status: 'up', last_result: { outcome: 'ok' } });
  expect(await resultsOf(bob, 'c1')).toHaveLength(2);
  expect(await stateOf(alice, 'poisoned')).toMatchObject({
    status: 'unknown',
    reason: expect.stringContaining('cannot be stored'),
    last_result: { outcome: 'unable', reason: expect.stringContaining('poisoned (22000)') },
  });
  // Its turn comes again, and succeeds once the database accepts it.
  body = 'hello';
  await round();
  expect(await stateOf(alice, 'poisoned')).toMatchObject({ status: 'up' });
  expect(await resultsOf(alice, 'poisoned')).toHaveLength(3);
});

const makePing = async (tenant: Tenant, slug: string) => {
  const made = await tenant.call('POST', '/checks', {
    body: { slug, name: slug, kind: 'ping', config: { period: 3_600, grace: 600 } },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return new URL(made.body.ping_url).pathname;
};
const ping = async (path: string, agent = 'cron') => {
  const headers = { 'user-agent': agent };
  expect((await house.call('GET', path, { token: null, headers })).status).toBe(200);
};
const pinged = async (tenant: Tenant, slug: string) => {
  const { ping: told, state } = (await tenant.call('GET', `/checks/${slug}`)).body;
  return { pings: told.pings, status: state.status, reason: state.reason };
};

test('a ping that cannot be applied is set aside for its own check; the others of its batch count once', async () => {
  const [odd, good, other] = [
    await makePing(alice, 'odd'),
    await makePing(bob, 'good'),
    await makePing(bob, 'also'),
  ];
  await house.app.workOnce(1_000);
  await using _poison = await poisonWhere(house, 'check_pings', `new.user_agent = 'poison'`);
  // Together they are one row of the journal.
  await Promise.all([ping(odd, 'poison'), ping(good), ping(other)]);
  await runDueChecks(house.ctx);
  expect(await pinged(bob, 'good')).toEqual({ pings: 1, status: 'up', reason: null });
  expect(await pinged(bob, 'also')).toEqual({ pings: 1, status: 'up', reason: null });
  expect(await pinged(alice, 'odd')).toMatchObject({
    pings: 0,
    status: 'unknown',
    reason: expect.stringContaining('poisoned (22000)'),
  });
  await ping(odd);
  await runDueChecks(house.ctx);
  expect(await pinged(alice, 'odd')).toEqual({ pings: 1, status: 'up', reason: null });
});

test('a check whose silence cannot be judged says so, and the silence of others is judged', async () => {
  const [odd, good] = [await makePing(alice, 'odd-silence'), await makePing(bob, 'good-silence')];
  await house.app.workOnce(1_000);
  await Promise.all([ping(odd), ping(good)]);
  await runDueChecks(house.ctx);
  const { pool } = house.ctx.db;
  const { id } = (await alice.call('GET', '/checks/odd-silence')).body;
  await using _poison = await poisonWhere(house, 'check_results', `new.check_id = '${id}'`);
  clock.advance(2 * 3_600);
  await pool.query(
    `insert into watch_state (watching_since, last_beat_at) values ($1, $2)
     on conflict (singleton) do update set watching_since = $1, last_beat_at = $2`,
    [new Date(clock.now() - 4 * 3_600_000), new Date(clock.now())],
  );
  await runDueChecks(house.ctx);
  expect(await pinged(bob, 'good-silence')).toMatchObject({ status: 'down' });
  expect(await pinged(alice, 'odd-silence')).toMatchObject({
    status: 'unknown',
    reason: expect.stringContaining('cannot be judged'),
  });
});

test('an object of a source that cannot be stored affects only itself, and is not called gone', async () => {
  await using ninja = await startNinjaOne();
  for (const id of [4_101, 4_102, 4_103])
    ninja.devices.push({ id, offline: false, displayName: `BAY-${id}` });
  const body = { slug: 'rmm', kind: 'ninjaone', config: { base_url: ninja.url, ...ninjaCredentials } };
  expect((await alice.call('POST', '/sources', { body })).status).toBe(201);
  const read = async () => {
    clock.advance(60);
    await runDueChecks(house.ctx);
    return {
      source: (await alice.call('GET', '/sources/rmm')).body.state,
      objects: (await alice.call('GET', '/sources/rmm/objects')).body.data,
    };
  };
  expect((await read()).objects).toHaveLength(3);
  await using _poison = await poisonWhere(house, 'source_observations', `new.external_id = '4102'`);
  for (const device of ninja.devices) device.offline = true;
  const { source, objects } = await read();
  expect(source).toMatchObject({ status: 'up', objects: 3 });
  const { state } = (await alice.call('GET', '/checks/source:rmm')).body;
  expect(state.last_result.reason).toContain('"BAY-4102" cannot be stored');
  expect(objects.map((object: { state: string }) => object.state)).toEqual(['offline', 'online', 'offline']);
});

test('when the uptime of one check cannot be summed up, the others still are', async () => {
  await make(alice, 'odd-uptime');
  await make(bob, 'good-uptime');
  const [odd, good] = [
    (await alice.call('GET', '/checks/odd-uptime')).body.id,
    (await bob.call('GET', '/checks/good-uptime')).body.id,
  ];
  await round();
  await using _poison = await poisonWhere(house, 'check_spans', `new.check_id = '${odd}'`);
  clock.advance(2 * 3_600);
  await rollUpUptime(house.ctx, new AbortController().signal);
  const { rows } = await house.ctx.db.pool.query(
    'select check_id from check_spans where check_id = any($1)',
    [[odd, good]],
  );
  expect(rows).toEqual([{ check_id: good }]);
});
