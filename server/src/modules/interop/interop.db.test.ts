import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';
import { runDueChecks } from '../checks/index.ts';

let house: TestApp;
let clock: TestClock;
let alice: Tenant;
let uuid: string;
let pingKey: string;

const unknown = '31365bce-0000-4000-8000-00000000000c';

beforeAll(async () => {
  clock = testClock(new Date());
  house = await testApp({ clock, env: { PING_RATE_LIMIT_PER_MINUTE: '10' } });
  alice = await testTenant(house, 'alice');
  const made = await make('sync', { push_token: 'kuma-token-0123456789abcdefghij' });
  uuid = made.ping_url.slice(-36);
  const key = await alice.call('POST', '/ping-keys', {
    body: { name: 'Scripts', key: 'nXhZ8mB4pQ2kR7vT9wY3sA' },
  });
  expect(key.status).toBe(201);
  pingKey = key.body.key;
});
afterAll(() => house.close());

async function make(slug: string, config: object = {}) {
  const body = { slug, kind: 'ping', config: { period: 3_600, ...config } };
  const made = await alice.call('POST', '/checks', { body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body;
}

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

async function send(
  method: Method,
  url: string,
  options: { payload?: string; headers?: Record<string, string> } = {},
) {
  // A new minute: limits have tests of their own.
  if (!url.includes('limit')) clock.advance(61);
  const answer = await house.http.inject({ method, url, ...options });
  await runDueChecks(house.ctx);
  return { status: answer.statusCode, text: answer.body, headers: answer.headers };
}

const last = async (slug = 'sync') => (await alice.call('GET', `/checks/${slug}/pings?limit=1`)).body.data[0];
const state = async (slug = 'sync') => (await alice.call('GET', `/checks/${slug}`)).body.state;

describe('an address without a route', () => {
  test.each<[Method, string]>([
    ['GET', `/${unknown}`],
    ['GET', `/${unknown}/fail`],
    ['POST', `/${unknown}/start`],
    ['GET', '/some-ping-key/some-slug'],
    ['GET', '/api/push'],
    ['GET', '/metrics/job/backup'],
    ['GET', '/index.php'],
    ['GET', '/sign-in.html'],
    ['GET', '/oops'],
    ['GET', '//'],
    ['GET', '//o/acme'],
  ])('%s %s is 404 with a reason, never the page of the console', async (method, url) => {
    const { status, text, headers } = await send(method, url);
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
    expect(text).toContain('not_found');
  });

  test('is a page of the console for a browser, but not for a request for data', async () => {
    const browser = await send('GET', '/o/acme/devices/bay-4.pc?range=1d', {
      headers: { accept: 'text/html,*/*;q=0.8' },
    });
    // Where the console was not built there is no page, and the answer says so.
    if (browser.status !== 200) expect(browser.text).toContain('npm run build');
    else expect(browser.headers['content-type']).toMatch(/^text\/html/);
    const program = await send('GET', '/o/acme', { headers: { accept: 'application/json' } });
    expect(program.status).toBe(404);
  });
});

describe("Healthchecks' ping URLs", () => {
  test.each<[string, Method, string]>([
    ['', 'GET', 'success'],
    ['/', 'GET', 'success'],
    ['', 'HEAD', 'success'],
    ['', 'POST', 'success'],
    ['', 'PUT', 'success'],
    ['/start', 'GET', 'start'],
    ['/fail', 'POST', 'fail'],
    ['/log', 'POST', 'log'],
    ['/0', 'GET', 'success'],
    ['/1', 'GET', 'fail'],
    ['/255', 'HEAD', 'fail'],
  ])('take %s by %s as %s, with 200 OK', async (suffix, method, kind) => {
    const answer = await send(method, `/ping/${uuid}${suffix}`, { headers: { 'user-agent': 'job/1' } });
    expect(answer).toMatchObject({
      status: 200,
      text: method === 'HEAD' ? '' : 'OK',
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'access-control-allow-origin': '*',
        'ping-body-limit': '10000',
      },
    });
    expect(await last()).toMatchObject({ kind, method, user_agent: 'job/1', source: 'healthchecks' });
  });

  test.each([
    [`/ping/${unknown}`, 404, 'not found'],
    [`/ping/${unknown}/start`, 404, 'not found'],
    [`/ping/${unknown}/300`, 404, 'not found'],
    ['/ping/not-a-uuid', 404, 'not found'],
    ['/ping/some-key-that-is-none/slug', 404, 'not found'],
    ['/ping/some-key-that-is-none/slug?create=1', 404, 'not found'],
    ['/ping/some-key-that-is-none/Slug', 400, 'invalid url format'],
    ['/ping/some-key-that-is-none/slug/explode', 404, 'not found'],
    ['/ping/%00/%00', 400, 'invalid url format'],
  ])('answer %s with %i %s', async (url, status, text) => {
    for (const method of ['GET', 'POST'] as const)
      expect(await send(method, url)).toMatchObject({ status, text });
  });

  test.each([
    ['/256', 'invalid url format'],
    ['/999999999', 'invalid url format'],
    ['?rid=abc', 'invalid uuid format'],
    ['/start?rid=', 'invalid uuid format'],
    ['?rid=31365bce-0000-4000-8000-00000000000g', 'invalid uuid format'],
  ])('refuse %s with 400 and store nothing', async (suffix, text) => {
    const before = await last();
    expect(await send('GET', `/ping/${uuid}${suffix}`)).toMatchObject({ status: 400, text });
    expect(await last()).toEqual(before);
  });

  test.each([
    ['text sent as a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['invalid JSON', { 'content-type': 'application/json' }],
    ['an unreadable type', { 'content-type': 'no type; at / all' }],
    ['no type', {}],
    ['a multipart type without a boundary', { 'content-type': 'multipart/form-data' }],
  ])('take %s', async (_what, headers) => {
    const sent = await send('POST', `/ping/${uuid}/log`, { payload: 'disk 93 % full', headers });
    expect(sent).toMatchObject({ status: 200, text: 'OK' });
    expect(await last()).toMatchObject({ body_start: 'disk 93 % full', body_bytes: 14 });
  });

  test('take a content type without a body, as a real client sends it', async () => {
    const headers = { 'content-type': 'application/json' };
    expect(await send('GET', `/ping/${uuid}`, { headers })).toMatchObject({ status: 200, text: 'OK' });
    expect(await send('POST', `/ping/${uuid}`, { headers })).toMatchObject({ status: 200, text: 'OK' });
  });

  test("do not count a browser's preflight request as a check-in", async () => {
    const before = await last();
    expect(await send('OPTIONS', `/ping/${uuid}`)).toMatchObject({ status: 204 });
    expect(await last()).toEqual(before);
  });

  test('store and answer a ping with the wrong method, but do not count it', async () => {
    const { ping_url: url } = await make('post-only', { methods: 'POST' });
    const path = new URL(url).pathname;
    expect(await send('GET', path)).toMatchObject({ status: 200, text: 'OK' });
    expect(await last('post-only')).toMatchObject({ kind: 'ignored' });
    expect((await state('post-only')).status).toBe('pending');
    await send('POST', path);
    expect((await state('post-only')).status).toBe('up');
  });

  test('work by ping key and slug, with every suffix', async () => {
    expect(await send('GET', `/ping/${pingKey}/sync`)).toMatchObject({ status: 200, text: 'OK' });
    expect(await send('GET', `/ping/${pingKey}/sync/7`)).toMatchObject({ status: 200, text: 'OK' });
    expect(await last()).toMatchObject({ kind: 'fail', exit_status: 7 });
    expect(await send('GET', `/ping/${pingKey}/sync/256`)).toMatchObject({ status: 400 });
    expect(await send('GET', `/ping/${pingKey}/nothing`)).toMatchObject({ status: 404, text: 'not found' });
  });

  test('make the check with create=1, once, daily, and in the audit', async () => {
    const url = `/ping/${pingKey}/fresh_job/start?create=1&rid=${unknown}`;
    expect(await send('GET', url)).toMatchObject({ status: 201, text: 'Created' });
    expect(await send('GET', url)).toMatchObject({ status: 200, text: 'OK' });
    const made = (await alice.call('GET', '/checks/fresh_job')).body;
    expect(made).toMatchObject({
      kind: 'ping',
      name: 'fresh_job',
      config: { period: 86_400, grace: 3_600 },
      ping: { phase: 'started', pings: 2 },
    });
    const audit = (await alice.call('GET', '/audit?limit=1')).body.data[0];
    expect(audit).toMatchObject({ action: 'check.created', actor: { name: 'ping key "Scripts"' } });
    // A ping that is refused makes no check.
    expect((await send('GET', `/ping/${pingKey}/other/256?create=1`)).status).toBe(404);
    expect((await send('GET', `/ping/${pingKey}/-odd-?create=1`)).status).toBe(400);
    expect((await alice.call('GET', '/checks/other')).status).toBe(404);
  });

  test('make one check when many first pings come at once', async () => {
    const url = `/ping/${pingKey}/burst?create=1&limit=0`;
    const answers = await Promise.all(Array.from({ length: 8 }, () => send('GET', url)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    // When two passes meet, only the first applies the journal; later pings wait for the next pass.
    await runDueChecks(house.ctx);
    expect((await alice.call('GET', '/checks/burst')).body.ping.pings).toBe(8);
  });

  test('say so when the slug is that of another kind of check', async () => {
    await alice.call('POST', '/checks', {
      body: { slug: 'web', kind: 'tcp', config: { host: '127.0.0.1', port: 1 } },
    });
    expect((await send('GET', `/ping/${pingKey}/web`)).status).toBe(404);
    expect((await send('GET', `/ping/${pingKey}/web?create=1`)).status).toBe(409);
  });

  test('stop working when their ping key is revoked', async () => {
    const key = (await alice.call('POST', '/ping-keys', { body: { name: 'Brief' } })).body;
    expect((await send('GET', `/ping/${key.key}/sync`)).status).toBe(200);
    expect((await alice.call('DELETE', `/ping-keys/${key.id}`)).status).toBe(204);
    expect((await send('GET', `/ping/${key.key}/sync`)).status).toBe(404);
    const listed = (await alice.call('GET', '/ping-keys', { token: alice.readKey })).body.data;
    expect(listed).toMatchObject([{ name: 'Scripts', key: null, url: null }]);
    expect(
      (await alice.call('POST', '/ping-keys', { body: { name: 'x' }, token: alice.readKey })).status,
    ).toBe(403);
    const twice = await alice.call('POST', '/ping-keys', { body: { name: 'Again', key: pingKey } });
    expect(twice).toMatchObject({ status: 409, body: { errors: [{ field: 'key' }] } });
  });

  test('above the limit of a check are refused with Retry-After, and not stored', async () => {
    const { ping_url: url } = await make('wild');
    const path = `${new URL(url).pathname}?limit=0`;
    clock.advance(61);
    const answers = [];
    for (let sent = 0; sent < 11; sent += 1) answers.push(await send('GET', path));
    expect(answers.slice(0, 10).every(({ status }) => status === 200)).toBe(true);
    expect(answers[10]).toMatchObject({ status: 429, text: 'rate limit exceeded' });
    expect(Number(answers[10]?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await alice.call('GET', '/checks/wild')).body.ping.pings).toBe(10);
    expect((await send('GET', new URL(url).pathname)).status).toBe(200);
  });
});

describe("Uptime Kuma's push URL", () => {
  const token = 'kuma-token-0123456789abcdefghij';

  test('takes up, with its message and its ping', async () => {
    const answer = await send('GET', `/api/push/${token}?status=up&msg=OK&ping=12.5`);
    expect(answer).toMatchObject({ status: 200, text: '{"ok":true}' });
    expect(await last()).toMatchObject({
      source: 'uptime_kuma',
      kind: 'success',
      body_start: 'OK',
      duration_ms: 12.5,
    });
    expect(await state()).toMatchObject({ status: 'up', last_result: { total_ms: 12.5 } });
  });

  test.each(['down', 'sideways', 'UP'])('reads %s as down, with the reason', async (status) => {
    await send('GET', `/api/push/${token}?status=${status}&msg=No%20space%20left`);
    expect(await state()).toMatchObject({ status: 'down', reason: 'It reported a failure: No space left' });
  });

  test('reads an empty call as up, with any method', async () => {
    for (const method of ['GET', 'POST', 'PUT'] as const)
      expect((await send(method, `/api/push/${token}`)).text).toBe('{"ok":true}');
    expect((await state()).status).toBe('up');
    expect((await send('GET', `/api/push/${uuid}?ping=`)).status).toBe(200);
  });

  test.each([
    ['/api/push/unknown-token?status=up', 'Monitor not found or not active.'],
    [`/api/push/${token}?ping=abc`, "Invalid ping value: 'abc' is not a valid number"],
    [`/api/push/${token}?ping=-1`, 'Invalid ping value: -1ms cannot be negative'],
    [`/api/push/${token}?ping=1e12`, 'Invalid ping value: 1000000000000ms is larger than 100000000000ms'],
  ])('answers %s with 404', async (url, msg) => {
    const answer = await send('GET', url);
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.text)).toEqual({ ok: false, msg });
  });

  test('does not know a check that is switched off', async () => {
    await make('off', { push_token: 'switched-off-token' });
    await alice.call('PUT', '/checks/off', { body: { config: { period: 60 }, enabled: false } });
    expect((await send('GET', '/api/push/switched-off-token')).status).toBe(404);
  });
});

describe("Gatus' external endpoints", () => {
  const report = (key: string, query: string, bearer?: string, payload?: string) =>
    send('POST', `/api/v1/endpoints/${key}/external?${query}`, {
      headers: bearer === undefined ? {} : { authorization: bearer },
      ...(payload === undefined ? {} : { payload }),
    });
  const token = 'gatus-token-0123456789';

  test('report by the token of the check, or by the ping key of its organization', async () => {
    await make('core_ext-ep-test', { push_token: token });
    expect(
      await report('core_ext-ep-test', 'success=true&error=&duration=10s', `Bearer ${token}`),
    ).toMatchObject({
      status: 200,
      text: '',
    });
    expect(await last('core_ext-ep-test')).toMatchObject({
      source: 'gatus',
      kind: 'success',
      duration_ms: 10_000,
    });
    const failed = await report('core_ext-ep-test', 'success=false&error=boom', `Bearer ${pingKey}`);
    expect(failed.status).toBe(200);
    expect((await state('core_ext-ep-test')).reason).toBe('It reported a failure: boom');
    await report('core_ext-ep-test', 'success=false', `Bearer ${token}`, '{"error":"from the body"}');
    expect((await state('core_ext-ep-test')).reason).toBe('It reported a failure: from the body');
  });

  test.each<[string, string, string | undefined, number, string]>([
    ['core_ext-ep-test', 'error=x', `Bearer ${token}`, 400, 'missing or invalid success query parameter'],
    ['core_ext-ep-test', 'success=1', `Bearer ${token}`, 400, 'missing or invalid success query parameter'],
    ['core_ext-ep-test', 'success=true', undefined, 401, 'invalid Authorization header'],
    ['core_ext-ep-test', 'success=true', 'Basic abc', 401, 'invalid Authorization header'],
    ['core_ext-ep-test', 'success=true', 'Bearer  ', 401, 'bearer token must not be empty'],
    ['core_ext-ep-test', 'success=true', 'Bearer wrong', 401, 'invalid token'],
    ['no_such', 'success=true', `Bearer ${token}`, 404, 'not found'],
    [
      'core_ext-ep-test',
      'success=true&duration=soon',
      `Bearer ${token}`,
      400,
      'invalid duration: time: invalid duration "soon"',
    ],
  ])('answer %s?%s by %s with %i %s', async (key, query, bearer, status, text) => {
    const answer = await report(key, query, bearer);
    expect(answer).toMatchObject({ status, text });
  });

  test('with an unknown endpoint of a known ping key is not found', async () => {
    expect(await report('no_such', 'success=true', `Bearer ${pingKey}`)).toMatchObject({
      status: 404,
      text: 'not found',
    });
  });
});
