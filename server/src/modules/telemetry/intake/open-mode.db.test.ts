import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';

let house: TestApp;

beforeAll(async () => {
  house = await testApp({ env: { HEARTBEAT_AUTH: 'open' } });
  await house.call('POST', '/api/v1/default/sites', {
    body: { slug: 'north', name: 'North', timezone: 'UTC' },
  });
});
afterAll(() => house.close());

const beat = (fields: object, token: string | null = null) =>
  house.call('POST', '/heartbeat', {
    token,
    body: { device_id: 'newcomer', tenant_id: 'default', store_id: 'north', status: 'ok', ...fields },
  });

test('in open mode the first heartbeat of a device of a known store makes the device', async () => {
  const answer = await beat({ cpu_usage: 5 });
  expect(answer.status).toBe(202);
  expect(answer.body.device_status).toBe('online');
  const device = await house.call('GET', '/api/v1/default/devices/newcomer');
  expect(device.body).toMatchObject({ slug: 'newcomer', site: 'north', provisioned: true });
  expect((await beat({ cpu_usage: 6 })).status).toBe(202);
  expect((await house.call('GET', '/heartbeat/newcomer/status')).body.values.cpu_usage).toBe(6);
});

test('many first heartbeats of one device at once make one device', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => beat({ device_id: 'twin', sequence: index })),
  );
  expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 10 }, () => 202));
  const page = await house.call('GET', '/api/v1/default/devices?q=twin');
  expect(page.body.data).toHaveLength(1);
});

test('a batch of new devices is provisioned item by item', async () => {
  const item = (fields: object) => ({
    device_id: 'b-1',
    tenant_id: 'default',
    store_id: 'north',
    status: 'ok',
    ...fields,
  });
  const answer = await house.call('POST', '/heartbeats', {
    token: null,
    body: [item({}), item({ device_id: 'b-2' }), item({ device_id: 'b-3', store_id: 'nowhere' })],
  });
  expect(answer.body).toMatchObject({ accepted: 2, rejected: 1 });
});

test('an unknown tenant or store is a 404 that says which, a bad device id a 400', async () => {
  const tenant = await beat({ tenant_id: 'nobody' });
  expect([tenant.status, tenant.body.detail]).toEqual([404, expect.stringContaining('"nobody"')]);
  const store = await beat({ device_id: 'other', store_id: 'nowhere' });
  expect([store.status, store.body.detail]).toEqual([404, expect.stringContaining('"nowhere"')]);
  expect((await beat({ device_id: 'has spaces' })).status).toBe(400);
  expect((await beat({ tenant_id: undefined })).status).toBe(400);
});

test('a wrong credential is refused in open mode too, for sending and for reading', async () => {
  expect((await beat({}, 'wkd_wrong')).status).toBe(401);
  expect((await beat({}, 'wk_wrong')).status).toBe(401);
  expect((await house.call('GET', '/heartbeat/newcomer/status', { token: 'wk_wrong' })).status).toBe(401);
});

test('in open mode status and history are read without a credential, in closed mode they are not', async () => {
  await beat({ device_id: 'reader', cpu_usage: 7 });
  const read = (house: TestApp, path: string) => house.call('GET', path, { token: null });
  expect((await read(house, '/heartbeat/reader/status')).body).toMatchObject({
    device_id: 'reader',
    values: { cpu_usage: 7 },
  });
  expect((await read(house, '/heartbeat/reader/status?tenant_id=default')).status).toBe(200);
  expect((await read(house, '/heartbeat/reader/history?hours=24')).status).toBe(200);
  expect((await read(house, '/heartbeat/reader/status?tenant_id=nobody')).status).toBe(404);
  expect((await read(house, '/heartbeat/nobody/status')).status).toBe(404);
  // Routes with an organization in the path are not open.
  expect((await read(house, '/api/v1/default/devices/reader/state')).status).toBe(401);

  await using closed = await testApp({ database: house.database });
  expect((await read(closed, '/heartbeat/reader/status')).status).toBe(401);
  expect((await read(closed, '/heartbeat/reader/history?hours=24')).status).toBe(401);
});
