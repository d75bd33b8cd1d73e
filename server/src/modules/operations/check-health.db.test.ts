import { afterAll, beforeAll, expect, test } from 'vitest';
import { runDueChecks } from '#modules/checks';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../test/support/clock.ts';
import { httpReceiver } from '../../../../test/support/receivers.ts';
import { type Tenant, testTenant } from '../../../../test/support/tenants.ts';

let clock: TestClock;
let house: TestApp;
let shop: Tenant;
let receiver: Awaited<ReturnType<typeof httpReceiver>>;

beforeAll(async () => {
  receiver = await httpReceiver();
  clock = testClock('2026-03-02T12:00:00Z');
  house = await testApp({ clock, env: { OUTBOUND_ALLOW: '127.0.0.0/8' } });
  shop = await testTenant(house, 'shop');
  const check = { kind: 'http', alert_after_failures: 1, retries: 0, config: { url: receiver.url } };
  for (const [slug, name] of [
    ['api', 'API Server'],
    ['old-1', 'Old one'],
    ['old-2', 'old ONE'],
  ])
    await shop.call('POST', '/checks', { body: { ...check, slug, name } });
});
afterAll(async () => {
  await house.close();
  await receiver[Symbol.asyncDispose]();
});

const health = (name: string, token = shop.key) =>
  house.call('GET', `/api/operations/system/health/${name}`, { token });
async function look(): Promise<void> {
  clock.advance(61);
  await runDueChecks(house.ctx);
}

test('a service that an operator named is a check, found by slug or name in any case, with its history', async () => {
  const before = await health('API%20Server');
  expect(before.body).toMatchObject({
    ...{ service: 'api', check: 'api', title: 'API Server', status: 'warn' },
    output: 'It has not been checked yet.',
  });
  await look();
  for (const name of ['API%20Server', 'api%20server', 'api', 'API'])
    expect((await health(name)).body).toMatchObject({ service: 'api', status: 'pass', output: null });
  receiver.answer = { status: 500, body: 'broken' };
  await look();
  clock.advance(10);
  const { body } = await health('API%20Server?hours=1');
  expect(body).toMatchObject({ status: 'fail', output: expect.stringMatching(/500/), observed_unit: 'ms' });
  const told = body.history.map((span: { status: string | null }) => span.status);
  expect(told[0]).toBeNull();
  expect(told.slice(-2)).toEqual(['pass', 'fail']);
  expect(Date.parse(body.history.at(-1).to) - Date.parse(body.history[0].from)).toBeCloseTo(3_600_000, -3);
  expect(body.uptime.map((part: { window: string }) => part.window)).toEqual(['24h', '7d', '30d', '90d']);
  expect(body.uptime[0].up_seconds).toBeGreaterThan(0);
});

test('a service that is switched off says so', async () => {
  const off = { name: 'Old one', config: { url: receiver.url }, enabled: false };
  await shop.call('PUT', '/checks/old-1', { body: off });
  expect((await health('old-1')).body).toMatchObject({
    status: 'warn',
    output: 'The check is switched off.',
  });
});

test('an unknown name is answered with the existing names, an ambiguous one with the slugs', async () => {
  const unknown = await health('Mail%20Server');
  expect([unknown.status, unknown.body.detail]).toEqual([
    404,
    'There is no service "Mail Server". There are Database, Intake of heartbeats, Detection, Background jobs, Checks, Hosts, and the checks API Server, Old one, old ONE.',
  ]);
  const several = await health('OLD%20one');
  expect([several.status, several.body.detail]).toEqual([
    409,
    'Several checks have the name "OLD one": ask for old-1 or old-2.',
  ]);
});

test('checks of another organization are not services here', async () => {
  const other = await testTenant(house, 'other');
  const { status, body } = await health('API%20Server', other.key);
  expect([status, body.detail]).toEqual([404, expect.stringContaining('and no checks yet')]);
});
