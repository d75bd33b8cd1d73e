import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { poisonWhere } from '../../../../test/support/poison.ts';

let house: TestApp;
let deviceToken: string;

beforeAll(async () => {
  // We cannot read the disk of this database server: we only know the writes that it refuses.
  house = await testApp({ env: { DATABASE_URL: 'postgres://elsewhere.invalid/watchkeeper' } });
  await house.call('POST', '/api/v1/default/sites', {
    body: { slug: 'north', name: 'North', timezone: 'UTC' },
  });
  const device = await house.call('POST', '/api/v1/default/devices', {
    body: { slug: 'till', site: 'north' },
  });
  deviceToken = device.body.token;
});
afterAll(() => house.close());

const beat = (fields: object = {}) =>
  house.call('POST', '/heartbeat', {
    token: deviceToken,
    body: { device_id: 'till', tenant_id: 'default', store_id: 'north', status: 'ok', ...fields },
  });

test('when the database has no space, every write, health and the system page say so', async () => {
  expect((await house.call('GET', '/health')).body.checks.storage).toEqual({ status: 'pass' });
  await using _full = await poisonWhere(house, 'heartbeats', 'true', '53100');
  const refused = await beat();
  expect(refused).toMatchObject({
    status: 503,
    headers: { 'retry-after': '30' },
    body: {
      code: 'storage_full',
      detail: expect.stringContaining('Heartbeats, check-ins, events and changes'),
    },
  });
  const batch = await house.call('POST', '/heartbeats', {
    token: deviceToken,
    body: [{ device_id: 'till', tenant_id: 'default', store_id: 'north', status: 'ok' }],
  });
  expect(batch).toMatchObject({ status: 503, body: { code: 'storage_full' } });
  for (const path of ['/health', '/health/database'])
    expect(await house.call('GET', path)).toMatchObject({
      status: 503,
      body: { checks: { database: { status: 'pass' }, storage: { status: 'fail' } } },
    });
  const system = await house.call('GET', '/api/operations/system/status');
  expect(JSON.stringify(system.body)).toContain('disk of the database is full');
  expect((await house.call('GET', '/api/v1/default/sites')).status).toBe(200);
});

test('a refused write succeeds as soon as there is space', async () => {
  expect((await beat()).status).toBe(202);
});
