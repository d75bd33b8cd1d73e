import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';

let house: TestApp;
let clock: TestClock;
const tokens = new Map<string, string>();

beforeAll(async () => {
  clock = testClock();
  house = await testApp({ clock });
  await house.call('POST', '/api/v1/default/sites', {
    body: { slug: 'north', name: 'North', timezone: 'UTC' },
  });
});
afterAll(() => house.close());

async function addDevice(slug: string): Promise<string> {
  const created = await house.call('POST', '/api/v1/default/devices', { body: { slug, site: 'north' } });
  expect(created.status).toBe(201);
  tokens.set(slug, created.body.token);
  return slug;
}

function payload(slug: string, fields: object = {}) {
  return { device_id: slug, tenant_id: 'default', store_id: 'north', status: 'ok', ...fields };
}

async function beat(slug: string, fields: object = {}) {
  return await house.call('POST', '/heartbeat', {
    token: tokens.get(slug) ?? null,
    body: payload(slug, fields),
  });
}

test('a first heartbeat is stored and makes the device online', async () => {
  const slug = await addDevice('first');
  const answer = await beat(slug, { cpu_usage: 41.5 });
  expect(answer.status).toBe(202);
  expect(answer.body).toEqual({
    accepted: true,
    duplicate: false,
    late: false,
    device_status: 'online',
    server_time: new Date(clock.now()).toISOString(),
    next_expected_at: new Date(clock.now() + 120_000).toISOString(),
  });
});
