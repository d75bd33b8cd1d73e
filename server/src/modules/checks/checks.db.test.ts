import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLoopbackServer } from '#platform/outbound/loopback-server';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';
import { runDueChecks } from './index.ts';

let house: TestApp;
let clock: TestClock;
let alice: Tenant;
let bob: Tenant;
let target: Awaited<ReturnType<typeof startLoopbackServer>>;
let status = 200;

beforeAll(async () => {
  // Starts at the real time, because results are in partitions around today; then it is moved by hand.
  clock = testClock(new Date());
  house = await testApp({ clock });
  alice = await testTenant(house, 'alice');
  bob = await testTenant(house, 'bob');
  target = await startLoopbackServer((_request, response) => response.writeHead(status).end('hello'));
  await house.app.workOnce(1_000);
});
afterAll(async () => {
  await target[Symbol.asyncDispose]();
  await house.close();
});

const shop = (slug: string, more: object = {}) => ({
  slug,
  name: `Shop ${slug}`,
  kind: 'http',
  config: { url: `http://127.0.0.1:${target.port}/` },
  interval: '20s',
  timeout: 2,
  retries: 0,
  alert_after_failures: 2,
  recover_after_successes: 2,
  ...more,
});
const create = async (slug: string, more: object = {}) => {
  const made = await alice.call('POST', '/checks', { body: shop(slug, more) });
  expect(made.body, JSON.stringify(made.body)).toMatchObject({ slug });
  return made;
};
const read = async (slug: string) => (await alice.call('GET', `/checks/${slug}`)).body;
const remove = async (...slugs: string[]) => {
  for (const slug of slugs) expect((await alice.call('DELETE', `/checks/${slug}`)).status).toBe(204);
};
/** One interval passes; due checks run, and their results are processed. */
const round = async () => {
  clock.advance(20);
  await runDueChecks(house.ctx);
  await house.app.workOnce(1_000);
};
const alerts = async (query = '') =>
  (await alice.call('GET', `/alerts?type=check_failure${query}`)).body.data;

describe('the checks of an organization', () => {
  test.each([
    ['http', { url: 'http://10.0.0.5/health' }, 'config.url'],
    ['http', { url: 'https://shop.example.com/', resolve_to: '192.168.1.5' }, 'config.resolve_to'],
    ['http', { url: 'http://[fd00::1]/' }, 'config.url'],
    ['tcp', { host: '169.254.169.254', port: 80 }, 'config.host'],
    ['dns', { name: 'example.com', server: '10.0.0.53' }, 'config.server'],
    ['icmp', { host: '192.168.1.1' }, 'config.host'],
  ])(
    'are refused when the outbound policy forbids their target, with the setting that allows it: %s %j',
    async (kind, config, field) => {
      const made = await alice.call('POST', '/checks', { body: shop('inside', { kind, config }) });
      expect(made).toMatchObject({
        status: 400,
        body: {
          code: 'validation_failed',
          errors: [{ field, message: expect.stringContaining('OUTBOUND_ALLOW') }],
        },
      });
    },
  );

  test('are made, read, changed and deleted, each write in the audit', async () => {
    const made = await create('web', {
      config: { url: 'https://shop.example.com/', secret_headers: { Authorization: 'Bearer x' } },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { interval: 20, timeout: 2, enabled: true, state: { status: 'pending', last_result: null } },
    });
    expect(made.body.config).toMatchObject({ method: 'GET', secret_headers: '***' });
    expect(made.headers.location).toBe('/api/v1/alice/checks/web');
    const changed = await alice.call('PUT', '/checks/web', {
      body: { name: 'Web', config: { url: 'https://shop.example.com/a' }, interval: 60 },
      headers: { 'if-match': String(made.headers.etag) },
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'Web', interval: 60, overrides: ['interval'] },
    });
    expect(changed.body.config.secret_headers).toBe('***');
    const stale = await alice.call('PUT', '/checks/web', {
      body: { config: { url: 'https://shop.example.com/b' } },
      headers: { 'if-match': String(made.headers.etag) },
    });
    expect(stale.status).toBe(412);
    expect((await alice.call('GET', '/checks?q=web')).body.data).toHaveLength(1);
    await remove('web');
    expect((await alice.call('GET', '/checks/web')).status).toBe(404);
    const { data } = (await alice.call('GET', '/audit?limit=10')).body;
    const actions = data.map((entry: { action: string }) => entry.action);
    expect(actions.slice(0, 3)).toEqual(['check.deleted', 'check.updated', 'check.created']);
    expect(JSON.stringify(data)).not.toContain('Bearer x');
  });

  test.each<[string, object, string]>([
    ['an unknown kind', { kind: 'carrier_pigeon' }, 'kind'],
    ['a config with an unknown field', { config: { url: 'http://a.example/', urls: [] } }, 'config.urls'],
    ['an interval of zero', { interval: 0 }, 'interval'],
    ['a timeout of an hour', { timeout: '1h' }, 'timeout'],
    ['an unknown device', { device: 'nobody' }, 'device'],
    ['an unknown parent', { depends_on: ['nobody'] }, 'depends_on'],
  ])('are refused with %s', async (_what, wrong, field) => {
    const answer = await alice.call('POST', '/checks', { body: shop('wrong', wrong) });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].field).toBe(field);
  });

  test('need a credential that may write, and are hidden from other organizations', async () => {
    await create('mine');
    expect((await alice.call('POST', '/checks', { body: shop('no'), token: alice.readKey })).status).toBe(
      403,
    );
    expect((await alice.call('GET', '/checks', { token: null })).status).toBe(401);
    expect((await alice.call('POST', '/checks', { body: shop('mine') })).status).toBe(409);
    for (const path of ['/checks/mine', '/checks/mine/results'])
      expect((await bob.call('GET', path)).status).toBe(404);
    expect((await bob.call('POST', '/checks/mine/run')).status).toBe(404);
    expect((await bob.call('DELETE', '/checks/mine')).status).toBe(404);
    expect((await bob.call('GET', '/checks')).body.data).toEqual([]);
    await remove('mine');
  });

  test('take missing settings from the type of their device', async () => {
    await alice.call('POST', '/sites', { body: { slug: 'club', name: 'Club', timezone: 'America/Halifax' } });
    await alice.call('POST', '/devices', {
      body: { slug: 'router', site: 'club', type: 'network_connectivity' },
    });
    const made = await alice.call('POST', '/checks', {
      body: { slug: 'router', config: { host: '127.0.0.1' }, device: 'router', timeout: 1 },
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        kind: 'icmp',
        interval: 15,
        timeout: 1,
        retries: 1,
        alert_after_failures: 1,
        recover_after_successes: 1,
        overrides: ['timeout'],
        site: 'club',
      },
    });
    await remove('router');
  });

  test('cannot depend on each other in a circle', async () => {
    await create('a');
    await create('b', { depends_on: ['a'] });
    const circle = await alice.call('PUT', '/checks/a', {
      body: { config: shop('a').config, depends_on: ['b'] },
    });
    expect(circle).toMatchObject({ status: 400, body: { errors: [{ field: 'depends_on' }] } });
    expect((await read('b')).depends_on).toEqual(['a']);
    await remove('b', 'a');
  });

  test('run at once on request, with every step in words', async () => {
    await create('now');
    const run = await alice.call('POST', '/checks/now/run');
    expect(run).toMatchObject({
      status: 200,
      body: { outcome: 'ok', attempts: 1, details: { status: 200 } },
    });
    expect(run.body.log.map((entry: { line: string }) => entry.line).join('\n')).toMatch(
      /connected to 127\.0\.0\.1/,
    );
    await runDueChecks(house.ctx);
    expect((await read('now')).state.status).toBe('up');
    await remove('now');
  });

  test('say so, when run by hand, if their secrets were sealed under another key', async () => {
    await create('sealed', { config: { ...shop('sealed').config, secret_headers: { 'X-Key': 'letmein' } } });
    await house.ctx.db.system((tx) =>
      sql`update checks set secrets = 'v1.AAAA' where slug = 'sealed'`.execute(tx),
    );
    expect(await alice.call('POST', '/checks/sealed/run')).toMatchObject({
      status: 200,
      body: { outcome: 'unable', reason: expect.stringContaining('another key'), log: [] },
    });
    await remove('sealed');
  });
});

describe('a check that runs', () => {
  test('goes down after N failures with one alert, and up after M successes, which resolves it', async () => {
    await create('tills');
    await round();
    expect((await read('tills')).state).toMatchObject({ status: 'up', last_result: { outcome: 'ok' } });
    status = 503;
    await round();
    expect((await read('tills')).state).toMatchObject({ status: 'up', consecutive_failures: 1 });
    expect(await alerts('&status=active')).toEqual([]);
    await round();
    expect((await read('tills')).state).toMatchObject({
      status: 'down',
      reason: 'The status is 503, not 2xx.',
    });
    await round();
    const [alert, ...others] = await alerts('&status=active');
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ title: 'Shop tills is down', severity: 'high', kind: 'check_failure' });
    // A target on this machine may answer within a millisecond, and then no time is told.
    expect(alert.why).toMatch(
      /^The status is 503, not 2xx\. 2 runs in a row failed, down since 20[^.]*\.( The last one ended after \d+ ms\.)?$/,
    );

    // No worker runs for an hour: the next tick finds no reason to resolve, and one success is not enough yet.
    clock.advance(3_600);
    status = 200;
    await house.app.workOnce(1_000);
    expect((await read('tills')).state).toMatchObject({ status: 'down', consecutive_successes: 1 });
    expect(await alerts('&status=active')).toHaveLength(1);
    await round();
    expect((await read('tills')).state.status).toBe('up');
    expect(await alerts('&status=active')).toEqual([]);
    expect((await alerts())[0]).toMatchObject({
      id: alert.id,
      status: 'resolved',
      resolved_reason: 'The check succeeds again.',
    });
    const { body: signal } = await alice.call('GET', `/alerts/${alert.id}/signal`);
    const failures = signal.buckets.flatMap(({ high }: { high: number | null }) => high ?? []);
    expect([Math.max(...failures), failures.at(-1)]).toEqual([3, 0]);

    const first = (await alice.call('GET', '/checks/tills/results?limit=4')).body;
    expect(first.data.map((result: { outcome: string }) => result.outcome)).toEqual([
      'ok',
      'ok',
      'failed',
      'failed',
    ]);
    expect(first.data[0].timings).toMatchObject({
      connect_ms: expect.any(Number),
      total_ms: expect.any(Number),
    });
    const rest = (await alice.call('GET', `/checks/tills/results?limit=4&cursor=${first.next_cursor}`)).body;
    expect(rest.data.map((result: { status: string }) => result.status)).toEqual(['up', 'up']);
    expect(rest.next_cursor).toBeNull();
    await remove('tills');
  });

  test('is not judged while the check it depends on is down', async () => {
    await create('gateway', { alert_after_failures: 1 });
    await create('behind', { depends_on: ['gateway'], alert_after_failures: 1 });
    await round();
    expect((await read('behind')).state.status).toBe('up');
    status = 500;
    await round();
    await round();
    expect((await read('gateway')).state.status).toBe('down');
    expect((await read('behind')).state).toMatchObject({
      status: 'unknown',
      reason: expect.stringContaining('Shop gateway'),
    });
    const open = await alerts('&status=active');
    expect(open.map((alert: { title: string }) => alert.title)).toEqual(['Shop gateway is down']);
    status = 200;
    await round();
    await round();
    await round();
    expect((await read('behind')).state.status).toBe('up');
    await remove('behind', 'gateway');
  });

  test('is unknown, not down, when this server cannot check its target', async () => {
    await create('sealed', {
      config: { url: `http://127.0.0.1:${target.port}/`, secret_headers: { 'X-Key': 'k' } },
      alert_after_failures: 1,
    });
    await house.ctx.db.system(async (tx) => {
      const { sql } = await import('kysely');
      await sql`update checks set secrets = 'v1.AAAA' where slug = 'sealed'`.execute(tx);
    });
    await round();
    expect((await read('sealed')).state).toMatchObject({
      status: 'unknown',
      reason: expect.stringContaining('another key'),
    });
    await remove('sealed');
  });

  test('leaves no open alert behind when it is switched off', async () => {
    status = 500;
    await create('off', { alert_after_failures: 1 });
    await round();
    expect(await alerts('&status=active')).toHaveLength(1);
    await alice.call('PUT', '/checks/off', { body: { ...shop('off'), enabled: false } });
    clock.advance(120);
    await house.app.workOnce(1_000);
    expect(await alerts('&status=active')).toEqual([]);
    expect((await read('off')).state).toMatchObject({ status: 'pending', next_due_at: null });
    status = 200;
    await remove('off');
  });
});

describe('a scheduler that stands still', () => {
  test('is reported by health, and so is its recovery', async () => {
    const health = async () => (await house.call('GET', '/health/detailed')).body.checks['checks:scheduler'];
    await create('late');
    await round();
    expect(await health()).toMatchObject({ status: 'pass' });
    clock.advance(120);
    await house.ctx.db.pool.query("update check_workers set beat_at = beat_at - interval '1 minute'");
    expect(await health()).toMatchObject({
      status: 'fail',
      output: expect.stringMatching(/^1 check is overdue, the oldest by \d+ s: no worker runs checks\.$/),
    });
    await runDueChecks(house.ctx);
    expect(await health()).toMatchObject({ status: 'pass' });
    await remove('late');
  });
});
