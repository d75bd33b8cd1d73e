import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';

let house: TestApp;
let clock: TestClock;
let deviceToken: string;
let other: { token: string };
let counter = 0;

beforeAll(async () => {
  clock = testClock();
  house = await testApp({ clock });
  for (const slug of ['north', 'south']) {
    await house.call('POST', '/api/v1/default/sites', { body: { slug, name: slug, timezone: 'UTC' } });
  }
  await house.call('POST', '/api/v1/default/sites/north/areas', { body: { slug: 'gate-1', name: 'Gate 1' } });
  const device = await house.call('POST', '/api/v1/default/devices', {
    body: { slug: 'till', site: 'north' },
  });
  deviceToken = device.body.token;
  await house.call('POST', '/api/v1/orgs', { body: { slug: 'rival', name: 'Rival' } });
  await house.call('POST', '/api/v1/rival/sites', {
    body: { slug: 'secret', name: 'Secret', timezone: 'UTC' },
  });
  const rival = await house.call('POST', '/api/v1/rival/devices', { body: { slug: 'spy', site: 'secret' } });
  other = { token: rival.body.token };
});
afterAll(() => house.close());

beforeEach(() => {
  counter += 1;
  clock.advance(3600);
});

const sale = (fields: object = {}) => ({
  type: `sale${counter}`,
  outcome: 'success',
  site: 'north',
  ...fields,
});
const record = (body: unknown, token?: string | null) =>
  house.call('POST', '/api/v1/default/events', { body, ...(token === undefined ? {} : { token }) });

async function counts() {
  const { rows } = await house.ctx.db.system((tx) =>
    sql<{ bucket: Date; successes: number; failures: number; amount: string; device: boolean }>`
      select bucket, successes, failures, amount, device_id <> '00000000-0000-0000-0000-000000000000' as device
      from event_counts where type = ${`sale${counter}`} order by bucket, device`.execute(tx),
  );
  return rows.map((row) => ({ ...row, bucket: row.bucket.toISOString(), amount: Number(row.amount) }));
}

test('an event is stored and counted in its minute, by site and device', async () => {
  const at = new Date(clock.now() - 90_000);
  const answer = await record([
    sale({ amount: 12.5, currency: 'EUR', occurred_at: at.toISOString() }),
    sale({ amount: 7.25, currency: 'EUR', occurred_at: at.toISOString(), outcome: 'failure' }),
    sale({ device: 'till', area: 'gate-1', occurred_at: at.toISOString() }),
    sale(),
  ]);
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ accepted: 4, duplicates: 0, rejected: 0 });
  const minute = new Date(Math.floor(at.getTime() / 60_000) * 60_000).toISOString();
  expect(await counts()).toEqual([
    { bucket: minute, successes: 1, failures: 1, amount: 19.75, device: false },
    { bucket: minute, successes: 1, failures: 0, amount: 0, device: true },
    { bucket: new Date(clock.now()).toISOString(), successes: 1, failures: 0, amount: 0, device: false },
  ]);
});

test('the same id twice counts once, in one body, in the next, and in two at once', async () => {
  const id = `order-${counter}`;
  const first = await record([sale({ id }), sale({ id }), sale({ id: `${id}-b` })]);
  expect(first.body.results.map((result: { duplicate: boolean }) => result.duplicate)).toEqual([
    false,
    true,
    false,
  ]);
  const answers = await Promise.all(Array.from({ length: 4 }, () => record(sale({ id: `${id}-c` }))));
  expect(answers.filter((answer) => answer.body.duplicates === 0)).toHaveLength(1);
  expect((await record(sale({ id }))).body).toMatchObject({ accepted: 1, duplicates: 1 });
  expect(await counts()).toMatchObject([{ successes: 3 }]);
});

test('the same id in another organization is another event', async () => {
  await record(sale({ id: `shared-${counter}` }));
  const answer = await house.call('POST', '/api/v1/rival/events', {
    body: sale({ id: `shared-${counter}`, site: 'secret' }),
  });
  expect(answer.body).toMatchObject({ accepted: 1, duplicates: 0 });
});

test('counting many bodies at once loses none', async () => {
  const bodies = Array.from({ length: 10 }, () =>
    record(Array.from({ length: 20 }, () => sale({ amount: 1 }))),
  );
  expect((await Promise.all(bodies)).every((answer) => answer.status === 202)).toBe(true);
  expect(await counts()).toMatchObject([{ successes: 200, amount: 200 }]);
});

test('in an array a bad event is refused by name and the others are taken', async () => {
  const answer = await record([
    sale(),
    sale({ outcome: 'maybe' }),
    sale({ site: 'nowhere' }),
    sale({ colour: 1 }),
    7,
  ]);
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ accepted: 1, rejected: 4 });
  const fields = answer.body.results.map(
    (result: { error?: { errors?: { field: string }[] } }) => result.error?.errors?.[0]?.field,
  );
  expect(fields).toEqual([undefined, 'outcome', 'site', 'colour', 'item']);
});

test.each([
  ['an unknown field', { colour: 'red' }, 'unknown_field'],
  ['an unknown site', { site: 'nowhere' }, 'validation_failed'],
  ['a site of another organization', { site: 'secret' }, 'validation_failed'],
  ['an area of no such site', { site: 'south', area: 'gate-1' }, 'validation_failed'],
  ['a time in the future', { occurred_at: '2099-01-01T00:00:00Z' }, 'validation_failed'],
  ['a time that is too old to keep', { occurred_at: '1999-01-01T00:00:00Z' }, 'validation_failed'],
  ['a type with spaces', { type: 'a sale' }, 'validation_failed'],
])('a lone event with %s is a 400', async (_, fields, code) => {
  const answer = await record(sale(fields));
  expect(answer.status).toBe(400);
  expect(answer.body.code).toBe(code);
});

test('only telemetry:write or a device of the organization may send events', async () => {
  const reader = await house.call('POST', '/api/v1/default/api-keys', {
    body: { name: `reader-${counter}`, scopes: ['read'] },
  });
  expect((await record(sale(), deviceToken)).status).toBe(202);
  expect((await record(sale(), null)).status).toBe(401);
  expect((await record(sale(), 'wkd_wrong')).status).toBe(401);
  expect((await record(sale(), reader.body.key)).status).toBe(403);
  expect((await record(sale(), other.token)).status).toBe(404);
  expect((await house.call('POST', '/api/v1/no-such/events', { body: sale() })).status).toBe(404);
});

const metric = (fields: object = {}) => ({
  metric_type: 'BUSINESS',
  metric_category: 'sales',
  metric_name: `baskets${counter}`,
  value: 3.5,
  unit: 'count',
  source: 'till',
  ...fields,
});
const metrics = (query: string) => house.call('GET', `/api/v1/default/metrics?${query}`);

test('metrics are stored and found by name, place and time, newest first, page by page', async () => {
  const answer = await house.call('POST', '/api/v1/default/metrics', {
    body: [
      metric({ value: 1, at: new Date(clock.now() - 60_000).toISOString() }),
      metric({ value: 2, device: 'till', tags: { lane: 'a' }, endpoint: '/pay' }),
      metric({ value: 3, site: 'south', at: new Date(clock.now() - 30_000).toISOString() }),
      metric({ value: 'x' }),
    ],
  });
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ accepted: 3, rejected: 1 });
  const first = await metrics(`metric_name=baskets${counter}&limit=2`);
  expect(first.body.data.map((one: { value: number }) => one.value)).toEqual([2, 3]);
  expect(first.body.data[0]).toMatchObject({
    site: 'north',
    device: 'till',
    tags: { lane: 'a' },
    endpoint: '/pay',
  });
  const next = await metrics(`metric_name=baskets${counter}&limit=2&cursor=${first.body.next_cursor}`);
  expect(next.body.data.map((one: { value: number }) => one.value)).toEqual([1]);
  expect(next.body.next_cursor).toBeNull();
  const values = async (query: string) =>
    (await metrics(query)).body.data.map((one: { value: number }) => one.value);
  expect(await values(`metric_name=baskets${counter}&device=till`)).toEqual([2]);
  expect(await values(`metric_name=baskets${counter}&site=south`)).toEqual([3]);
  expect(
    await values(`metric_name=baskets${counter}&until=${new Date(clock.now() - 45_000).toISOString()}`),
  ).toEqual([1]);
});

test('a single metric may be sent; a wrong one is a 400; another organization sees none', async () => {
  expect((await house.call('POST', '/api/v1/default/metrics', { body: metric() })).status).toBe(202);
  expect(
    (await house.call('POST', '/api/v1/default/metrics', { body: metric({ metric_type: 'OTHER' }) })).status,
  ).toBe(400);
  expect((await house.call('POST', '/api/v1/default/metrics', { body: metric(), token: null })).status).toBe(
    401,
  );
  expect((await metrics('cursor=nonsense')).status).toBe(400);
  expect((await metrics('site=secret')).status).toBe(400);
  const rival = await house.call('GET', `/api/v1/rival/metrics?metric_name=baskets${counter}`);
  expect(rival.body.data).toEqual([]);
});
