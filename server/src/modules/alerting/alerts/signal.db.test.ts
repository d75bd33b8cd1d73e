import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';

let shared: AlertingHouse;
let given: Given;
beforeAll(async () => {
  shared = await alertingHouse();
});
afterAll(() => shared[Symbol.asyncDispose]());
beforeEach(async () => {
  given = await shared.newcomer();
  await given.site('dartmouth', 'America/Halifax');
});

interface Bucket {
  at: string;
  high: number | null;
  low: number | null;
  limit: number | null;
  beside: number | null;
  samples: number | null;
}

async function alertOf(type: string): Promise<string> {
  const [alert] = await given.alerts(`&type=${type}`);
  expect(alert).toMatchObject({ type });
  return alert?.id ?? '';
}
const signalOf = async (id: string, query = '', who = given) =>
  await who.tenant.call('GET', `/alerts/${id}/signal${query}`);
const minutesAgo = (minutes: number) => new Date(given.clock.now() - minutes * 60_000);
const known = (buckets: readonly Bucket[]) => buckets.filter((bucket) => bucket.high !== null);
const last = (buckets: readonly Bucket[]) => known(buckets).at(-1);
const rule = async (body: object) =>
  expect(
    (await given.tenant.call('POST', '/rules', { body: { severity: 'high', enabled: true, ...body } }))
      .status,
  ).toBe(201);

test('silence: shows how long it was silent, above its limit while the alert was open', async () => {
  await given.device('bay-1', 'dartmouth');
  for (let minute = 0; minute < 20; minute += 1) {
    await given.beat('bay-1', 'dartmouth');
    await given.work();
    await given.pass(minute === 10 ? 400 : 60);
    await given.tick();
  }
  const { status, body } = await signalOf(await alertOf('device_offline'));
  expect(status).toBe(200);
  expect(body).toMatchObject({
    rule: { trigger: 'no heartbeat > 2 min' },
    signal: { label: 'Silence', unit: 's', limit: 120, side: 'above', beside: null },
    open: null,
    notes: [],
  });
  const highs = known(body.buckets).map((bucket) => bucket.high ?? 0);
  expect(Math.max(...highs)).toBeGreaterThan(380);
  expect(Math.max(...highs)).toBeLessThanOrEqual(400);
  expect(highs.filter((high) => high <= 60).length).toBeGreaterThan(highs.length / 2);
  expect(body.buckets.every((bucket: Bucket) => bucket.limit === null || bucket.limit === 120)).toBe(true);
});

test('a threshold: shows the reported figure', async () => {
  await given.device('till-1', 'dartmouth');
  for (const lag of [1, 3, 140, 120]) {
    await given.beat('till-1', 'dartmouth', { sync_lag_sec: lag });
    await given.work();
    await given.pass(30);
    await given.tick();
  }
  const { body } = await signalOf(await alertOf('sync_lag_high'));
  expect(body.signal).toMatchObject({ label: 'Sync lag', unit: 's', limit: 90 });
  expect(known(body.buckets).map((bucket) => bucket.high)).toEqual([1, 3, 140, 120]);
});

test('a rate: shows the share in the window, and the number of its events', async () => {
  const redeem = (ago: number, successes: number, failures: number) =>
    given.events('dartmouth', 'gate.redemption', minutesAgo(ago), { successes, failures });
  await given.site('leeds', 'Europe/London');
  await given.events('leeds', 'gate.redemption', minutesAgo(3), { failures: 90 });
  await redeem(100, 3, 1);
  await redeem(50, 40, 0);
  await redeem(2, 0, 10);
  await given.tick();
  const [alert] = await given.alerts('&type=gate_fail_rate_high&site=dartmouth');
  const { body } = await signalOf(alert?.id ?? '');
  expect(body.signal).toMatchObject({ unit: '%', limit: 10 });
  expect(last(body.buckets)).toMatchObject({ high: 20, limit: 10, samples: 50 });
  const few = body.buckets.find((bucket: Bucket) => bucket.samples === 4);
  expect(few).toMatchObject({ high: null });
  expect(Math.max(...known(body.buckets).map((bucket) => bucket.high ?? 0))).toBe(20);
});

test('a spike: shows the count in the window, the usual count, and the limit that follows from it', async () => {
  for (const [ago, count] of [
    [2000, 2],
    [1500, 2],
    [1000, 2],
    [1, 9],
  ] as const)
    await given.events('dartmouth', 'refund', minutesAgo(ago), { successes: count });
  await given.tick();
  const { body } = await signalOf(await alertOf('refund_spike'));
  expect(body.signal).toMatchObject({ label: 'Refunds in 1 h', limit: null, beside: 'Usual (median)' });
  expect(last(body.buckets)).toMatchObject({ high: 9, limit: 6, beside: 2 });
  expect(body.buckets[0]).toMatchObject({ high: 0, limit: 6, beside: 2 });
});

test('after hours: shows the events while closed, all events, and the opening hours', async () => {
  // Noon UTC is 08:00 in Halifax, an hour before opening.
  await given.events('dartmouth', 'sale', minutesAgo(30), { successes: 2 });
  await given.tick();
  const id = await alertOf('after_hours_sales');
  await given.pass(5_400);
  await given.events('dartmouth', 'sale', minutesAgo(5), { successes: 7 });
  const { body } = await signalOf(id);
  expect(body.signal).toMatchObject({ label: 'Sales while closed, in 1 h', limit: 1, beside: 'All sales' });
  const hours = body.open.map((span: { from: string; to: string }) => [
    span.from.slice(11, 16),
    span.to.slice(11, 16),
  ]);
  // The previous evening until 22:00 in Halifax, and today from 09:00 on.
  expect(hours).toEqual([
    ['20:00', '02:00'],
    ['13:00', expect.any(String)],
  ]);
  expect(Math.max(...known(body.buckets).map((bucket) => bucket.high ?? 0))).toBe(2);
  expect(last(body.buckets)).toMatchObject({ high: 0, beside: 7 });
});

test('the rule is used as it was when the alert opened, even after a change or deletion', async () => {
  await rule({ type: 'cpu_high', name: 'CPU', kind: 'threshold', config: cpu(80) });
  await given.device('till-1', 'dartmouth');
  await given.pass(1);
  await given.beat('till-1', 'dartmouth', { cpu_usage: 85 });
  await given.work();
  await given.tick();
  const id = await alertOf('cpu_high');
  await given.pass(60);
  const changed = await given.changeRule('cpu_high', { config: cpu(99) });
  expect(changed.status).toBe(200);
  expect((await signalOf(id)).body).toMatchObject({ rule: { version: 1 }, signal: { limit: 80 } });
  expect((await given.tenant.call('DELETE', `/rules/${changed.body.id}`)).status).toBe(204);
  expect((await signalOf(id)).body).toMatchObject({ rule: { version: 1 }, signal: { limit: 80 } });
});

const cpu = (limit: number) => ({
  metric: 'cpu_usage',
  condition: { operator: '>', threshold: limit, duration: 0 },
});

test('another interval can be requested, within limits', async () => {
  await given.device('bay-1', 'dartmouth');
  await given.beat('bay-1', 'dartmouth');
  await given.pass(130);
  await given.tick();
  const id = await alertOf('device_offline');
  const span = (from: Date, to: Date) => `?from=${from.toISOString()}&to=${to.toISOString()}`;
  const { body } = await signalOf(id, span(minutesAgo(1_440), minutesAgo(0)));
  expect(body.window).toMatchObject({ step_seconds: 600 });
  expect(body.buckets.length).toBeLessThanOrEqual(242);
  for (const query of [
    span(minutesAgo(0), minutesAgo(1)),
    span(minutesAgo(60 * 24 * 32), minutesAgo(0)),
    `?from=${minutesAgo(3).toISOString()}`,
    '?to=2026-03-01T00:00:00Z',
    '?from=yesterday&to=today',
    '?hours=3',
  ])
    expect((await signalOf(id, query)).status).toBe(400);
});

test('other organizations do not see it', async () => {
  await given.device('bay-1', 'dartmouth');
  await given.beat('bay-1', 'dartmouth');
  await given.pass(130);
  await given.tick();
  const id = await alertOf('device_offline');
  const stranger = await shared.newcomer();
  expect((await signalOf(id, '', stranger)).status).toBe(404);
  expect((await given.tenant.call('GET', `/alerts/${id}/signal`, { token: null })).status).toBe(401);
  expect(
    (await given.tenant.call('GET', `/alerts/${id}/signal`, { token: given.tenant.readKey })).status,
  ).toBe(200);
});
