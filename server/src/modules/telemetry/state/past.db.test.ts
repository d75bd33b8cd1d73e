import { afterAll, beforeAll, expect, test } from 'vitest';
import { setDeviceStatus } from '#modules/telemetry';
import { nowDate } from '#platform/clock';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { keepDays } from '../upkeep/retention.ts';

let house: TestApp;
let clock: TestClock;
let organizationId: string;
const devices = new Map<string, { id: string; token: string }>();

beforeAll(async () => {
  clock = testClock();
  house = await testApp({ clock });
  await house.call('POST', '/api/v1/default/sites', { body: { slug: 'north', name: 'N', timezone: 'UTC' } });
  organizationId = (await house.call('GET', '/api/v1/orgs/default')).body.id;
  for (const slug of ['alpha', 'beta', 'gamma']) {
    const { body } = await house.call('POST', '/api/v1/default/devices', { body: { slug, site: 'north' } });
    devices.set(slug, body);
  }
});
afterAll(() => house.close());

const path = (slug: string, rest: string) => `/api/v1/default/devices/${slug}/${rest}`;
const beat = (slug: string, fields: object = {}) =>
  house.call('POST', '/heartbeat', {
    token: devices.get(slug)?.token ?? null,
    body: { device_id: slug, tenant_id: 'default', store_id: 'north', status: 'ok', ...fields },
  });
const spans = async (slug: string, query = '?hours=1') => {
  const { body } = await house.call('GET', path(slug, `timeline${query}`));
  return body.spans.map((span: { from: string; to: string; status: string | null }) => [
    (Date.parse(span.to) - Date.parse(span.from)) / 1000,
    span.status,
  ]);
};

test('a timeline shows every change of status, whatever caused it', async () => {
  clock.advance(3_600);
  await beat('alpha');
  clock.advance(60);
  await beat('alpha', { status: 'error' });
  clock.advance(30);
  await house.ctx.db.tenant(organizationId, (tx) =>
    setDeviceStatus(house.ctx, tx, [devices.get('alpha')?.id ?? ''], 'offline', nowDate(clock)),
  );
  clock.advance(10);
  await beat('alpha');
  clock.advance(20);
  expect(await spans('alpha')).toEqual([
    [3_480, 'unknown'],
    [60, 'online'],
    [30, 'degraded'],
    [10, 'offline'],
    [20, 'online'],
  ]);
  const until = new Date(clock.now() - 40_000).toISOString();
  expect(await spans('alpha', `?hours=0.01&until=${until}`)).toEqual([
    [16, 'online'],
    [20, 'degraded'],
  ]);
});

test('changes are deleted after METRICS_RETENTION_DAYS, and the rest of the timeline stays correct', async () => {
  clock.advance(40 * 86_400);
  await keepDays(house.ctx, new AbortController().signal);
  expect(await spans('alpha')).toEqual([[3_600, 'online']]);
});

test('heartbeats are listed newest first, each once, over pages and days', async () => {
  const sequences: number[] = [];
  for (let sequence = 1; sequence <= 7; sequence += 1) {
    await beat('beta', {
      sequence,
      sent_at: new Date(clock.now() - 1_500).toISOString(),
      app_version: '2.0',
    });
    sequences.unshift(sequence);
    clock.advance(sequence === 4 ? 86_400 : 5);
  }
  const found: number[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 10; page += 1) {
    const next: string = cursor === null ? '' : `&cursor=${cursor}`;
    const { body } = await house.call('GET', path('beta', `heartbeats?limit=3${next}`));
    found.push(...body.data.map((row: { sequence: number }) => row.sequence));
    cursor = body.next_cursor;
    if (cursor === null) break;
  }
  expect(found).toEqual(sequences);
  const { body } = await house.call('GET', path('beta', 'heartbeats?limit=1'));
  expect(body.data[0]).toMatchObject({ skew_ms: -1_500, status: 'ok', app_version: '2.0', sequence: 7 });
});

test('heartbeats of one instant are neither lost nor repeated between pages', async () => {
  const sent = (second: number) => new Date(clock.now() + second * 1_000).toISOString();
  const heartbeats = [1, 2, 3, 4, 5].map((sequence) => ({
    ...{ device_id: 'gamma', tenant_id: 'default', store_id: 'north', status: 'ok' },
    sequence,
    sent_at: sent(sequence),
  }));
  await house.call('POST', '/heartbeats', {
    token: devices.get('gamma')?.token ?? null,
    body: { heartbeats },
  });
  const all = (await house.call('GET', path('gamma', 'heartbeats'))).body.data;
  expect(all).toHaveLength(5);
  const paged: unknown[] = [];
  let cursor = '';
  for (let page = 0; page < 6; page += 1) {
    const { body } = await house.call('GET', path('gamma', `heartbeats?limit=1${cursor}`));
    paged.push(...body.data);
    if (body.next_cursor === null) break;
    cursor = `&cursor=${body.next_cursor}`;
  }
  expect(paged).toEqual(all);
});

test('history may end in the past', async () => {
  const until = new Date(clock.now() - 60_000).toISOString();
  const { body } = await house.call('GET', `/heartbeat/beta/history?hours=1&until=${until}`);
  expect(body).toMatchObject({ to: until, resolution: 'raw' });
});

test('bad windows are 400, no credential 401, other devices and organizations 404', async () => {
  for (const list of ['timeline', 'heartbeats']) {
    expect((await house.call('GET', path('alpha', `${list}?until=yesterday`))).status).toBe(400);
    expect((await house.call('GET', path('alpha', list), { token: null })).status).toBe(401);
    expect((await house.call('GET', path('ghost', list))).status).toBe(404);
    expect((await house.call('GET', `/api/v1/nobody/devices/alpha/${list}`)).status).toBe(404);
  }
  expect((await house.call('GET', path('alpha', 'heartbeats?cursor=x'))).status).toBe(400);
});
