import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestDatabase, testDatabase } from '../../../../../test/support/database.ts';
import { type HttpReceiver, httpReceiver } from '../../../../../test/support/receivers.ts';
import { runDueChecks } from '../index.ts';
import { ensureEnvironmentChecks } from './environment.ts';

let database: TestDatabase;
let api: HttpReceiver;
beforeEach(async () => {
  database = await testDatabase();
  api = await httpReceiver();
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
  await database.close();
});

/** One start of the server with these variables. */
const start = (env: Record<string, string>, options: { role?: 'api' | 'worker'; onePass?: boolean } = {}) =>
  testApp({ database, env, ...options });
const checksOf = async (house: TestApp) =>
  (await house.call('GET', '/api/v1/default/checks')).body.data as {
    slug: string;
    enabled: boolean;
    config: { url: string };
  }[];
const enabledOf = async (house: TestApp) => (await checksOf(house)).map((row) => [row.slug, row.enabled]);
const allow = { OUTBOUND_ALLOW: '127.0.0.0/8' };

test('each variable is a checked service of the first organization', async () => {
  const env = {
    API_URL: `${api.url}/health`,
    WEB_URL: 'https://www.x.test',
    ADMIN_URL: 'https://admin.x.test',
  };
  await using house = await start({ ...env, ...allow });
  expect(await checksOf(house)).toMatchObject([
    { slug: 'admin-server', name: 'Admin Server', kind: 'http', managed_by: 'environment' },
    { slug: 'api-server', name: 'API Server', config: { url: `${api.url}/health` }, enabled: true },
    { slug: 'web-server', config: { url: 'https://www.x.test' } },
  ]);
  await house.call('POST', '/api/v1/default/checks/api-server/run');
  expect(api.received[0]?.path).toBe('/health');
});

test('starting again, or twice at once, makes and changes nothing', async () => {
  const env = { API_URL: api.url, WEB_URL: 'https://www.x.test', ...allow };
  await using first = await start(env);
  const before = await checksOf(first);
  await using second = await start(env);
  await Promise.all([ensureEnvironmentChecks(first.ctx), ensureEnvironmentChecks(second.ctx)]);
  const strip = (rows: object[]) => rows.map((row) => ({ ...row, state: undefined }));
  expect(strip(await checksOf(second))).toEqual(strip(before));
});

test('they follow the variable, and keep the other settings that people made', async () => {
  await using first = await start({ API_URL: api.url, ...allow });
  const path = '/api/v1/default/checks/api-server';
  const named = { name: 'Shop API', interval: '5m', config: { url: api.url, expect_status: ['204'] } };
  expect((await first.call('PUT', path, { body: named })).status).toBe(200);
  const moved = await first.call('PUT', path, { body: { ...named, config: { url: 'https://other.test' } } });
  expect([moved.status, moved.body.detail]).toEqual([
    409,
    expect.stringContaining('API_URL decides the url'),
  ]);
  expect((await first.call('PUT', path, { body: { ...named, enabled: false } })).status).toBe(409);
  expect((await first.call('DELETE', path)).status).toBe(409);
  await using changed = await start({ API_URL: `${api.url}/v2`, ...allow });
  expect(await checksOf(changed)).toMatchObject([
    { name: 'Shop API', interval: 300, config: { url: `${api.url}/v2`, expect_status: ['204'] } },
  ]);
  await using gone = await start({});
  expect(await enabledOf(gone)).toEqual([['api-server', false]]);
  await using back = await start({ API_URL: api.url, ...allow });
  expect(await enabledOf(back)).toEqual([['api-server', true]]);
  await using over = await start({});
  expect((await over.call('DELETE', path)).status).toBe(204);
});

test.each([
  ['a pass from cron', { onePass: true, role: 'worker' as const }],
  ['an API process', { role: 'api' as const }],
  ['a worker', { role: 'worker' as const }],
])('a process that knows fewer variables switches none of them off: %s', async (_who, options) => {
  const env = { API_URL: api.url, ...allow };
  await using server = await start(env);
  await using _less = await start({}, options);
  expect(await enabledOf(server)).toEqual([['api-server', true]]);
  await using again = await start(env);
  expect(await enabledOf(again)).toEqual([['api-server', true]]);
});

test('one at a private address exists, and says which setting allows it', async () => {
  await using house = await start({ API_URL: api.url, OUTBOUND_ALLOW: '10.9.9.0/24' });
  await house.call('POST', '/api/v1/default/checks/api-server/run');
  await runDueChecks(house.ctx);
  const results = (await house.call('GET', '/api/v1/default/checks/api-server/results')).body.data;
  expect(results[0]).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('OUTBOUND_ALLOW') });
  expect(api.received).toEqual([]);
});

test("when somebody's check has the slug already, ours takes another one", async () => {
  await using house = await start({});
  const own = { slug: 'api-server', kind: 'http', config: { url: 'https://mine.x.test' } };
  await house.call('POST', '/api/v1/default/checks', { body: own });
  await using named = await start({ API_URL: api.url, ...allow });
  expect(await checksOf(named)).toMatchObject([
    { slug: 'api-server', config: { url: 'https://mine.x.test' }, managed_by: null },
    { slug: 'api-server-environment', managed_by: 'environment' },
  ]);
});
