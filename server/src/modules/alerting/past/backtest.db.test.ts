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

const backtest = async (body: object, token?: string | null) =>
  await given.tenant.call('POST', '/rules/backtest', { body, ...(token === undefined ? {} : { token }) });
const minutesAgo = (minutes: number) => new Date(given.clock.now() - minutes * 60_000);

test('silence: gives the same alerts as detection over the same heartbeats', async () => {
  await given.device('bay-1', 'dartmouth');
  await given.device('bay-2', 'dartmouth');
  for (let minute = 0; minute < 60; minute += 1) {
    if (![10, 11, 12, 13, 14, 40, 41, 42].includes(minute)) await given.beat('bay-1', 'dartmouth');
    await given.beat('bay-2', 'dartmouth');
    await given.work();
    await given.pass(60);
    await given.tick();
  }
  const live = (await given.alerts('&type=device_offline')).toReversed();
  const [rule] = (await given.tenant.call('GET', '/rules?type=device_offline')).body.data;
  const answer = await given.tenant.call('POST', `/rules/${rule.id}/backtest`, { body: { days: 0.5 } });
  expect(live).toHaveLength(2);
  expect(answer).toMatchObject({
    status: 200,
    body: {
      would_have_fired: 2,
      sentence: 'would have fired 2 times in the last 0.5 days',
      subjects_examined: 2,
      subjects_total: 2,
    },
  });
  const minutes = (text: string | null) => Math.floor(Date.parse(text ?? '') / 60_000);
  expect(answer.body.firings.map((firing: { resolved_at: string }) => minutes(firing.resolved_at))).toEqual(
    live.map((alert) => minutes(alert.resolved_at)),
  );
  expect(answer.body.firings[0]).toMatchObject({
    subject: { kind: 'device', name: 'bay-1' },
    why: expect.stringMatching(/^No heartbeat for 2 min( 0\.\d+ s)?; the limit is 2 min\./),
  });
  expect(answer.body.signal).toEqual({
    label: 'Silence',
    unit: 's',
    limit: 120,
    side: 'above',
    beside: null,
  });
  expect(answer.body.buckets).toHaveLength(120);
  expect(answer.body.buckets[0].at).toBe(answer.body.window.from);
  const highest = Math.max(...answer.body.buckets.map((bucket: { high: number | null }) => bucket.high ?? 0));
  expect(highest).toBeGreaterThan(120);
});

test('silence while we were away is not counted', async () => {
  await given.device('bay-1', 'dartmouth');
  await given.beat('bay-1', 'dartmouth');
  await given.pass(60);
  await given.tick();
  given.clock.advance(3600);
  await given.watch({ sinceSeconds: 0 });
  await given.beat('bay-1', 'dartmouth');
  await given.tick();
  const answer = await backtest({ kind: 'absence', config: { limit_seconds: 120 }, days: 1 });
  expect(answer.body).toMatchObject({
    would_have_fired: 0,
    sentence: 'would not have fired in the last day',
  });
  expect(answer.body.notes).toContain('Silence while Watchkeeper itself was away is not counted.');
});

test('thresholds: an unsaved config is tested on the same heartbeats', async () => {
  await given.device('till-1', 'dartmouth');
  for (const lag of [1, 50, 60, 1, 70, 1]) {
    await given.beat('till-1', 'dartmouth', { sync_lag_sec: lag });
    await given.pass(60);
  }
  const config = (limit: number, duration = 0) => ({
    metric: 'sync_lag_sec',
    condition: { operator: '>', threshold: limit, duration },
  });
  const fired = async (body: object) =>
    (await backtest({ kind: 'threshold', days: 1, ...body })).body.would_have_fired;
  expect(await fired({ config: config(40) })).toBe(2);
  expect(await fired({ config: config(65) })).toBe(1);
  expect(await fired({ config: config(90) })).toBe(0);
  expect(await fired({ config: config(40, 1) })).toBe(1);
  expect(await fired({ config: config(40), cooldown: '1h' })).toBe(1);
});

test('rates, spikes and hours: the stored counts are replayed minute by minute', async () => {
  const redeem = (ago: number, successes: number, failures: number) =>
    given.events('dartmouth', 'gate.redemption', minutesAgo(ago), { successes, failures });
  await redeem(300, 9, 3);
  await redeem(280, 30, 0);
  await redeem(100, 8, 4);
  const rate = await backtest({
    kind: 'rate',
    config: { event_type: 'gate.redemption', threshold_percent: 10 },
    days: 1,
  });
  expect(rate.body).toMatchObject({
    would_have_fired: 2,
    sentence: 'would have fired 2 times in the last day',
  });
  expect(rate.body.firings[0].why).toMatch(/^3 of 12 gate redemptions failed/);

  for (const [ago, count] of [
    [2000, 2],
    [1500, 2],
    [1000, 2],
    [50, 9],
  ] as const)
    await given.events('dartmouth', 'refund', minutesAgo(ago), { successes: count });
  const spike = await backtest({ kind: 'spike', config: { event_type: 'refund' }, days: 1 });
  expect(spike.body.firings).toMatchObject([
    { why: expect.stringMatching(/^9 refunds in the last 1 h; the median of 3 hours/) },
  ]);

  // Noon UTC is 08:00 in Halifax. Two nights, with an ordinary sale between them.
  for (const hour of [33, 20, 10, 5])
    await given.events('dartmouth', 'sale', minutesAgo(hour * 60), { successes: 1 });
  const hours = await backtest({ kind: 'after_hours', config: {}, days: 2 });
  expect(hours.body.firings.map((firing: { why: string }) => /at (\d\d:\d\d)/.exec(firing.why)?.[1])).toEqual(
    ['23:00', '22:00'],
  );
});

test('refuses bad windows and configs, and needs a credential of the tenant', async () => {
  expect((await backtest({ kind: 'absence', config: {}, days: 31 })).status).toBe(400);
  expect((await backtest({ kind: 'absence', config: {}, days: 0 })).status).toBe(400);
  expect((await backtest({ kind: 'absence', config: { limit: 3 } })).body.code).toBe('unknown_field');
  expect((await backtest({ kind: 'absence', config: {} }, null)).status).toBe(401);
  const stranger = await shared.newcomer();
  expect((await backtest({ kind: 'absence', config: {} }, stranger.tenant.key)).status).toBe(404);
  const [rule] = (await given.tenant.call('GET', '/rules')).body.data;
  expect((await stranger.tenant.call('POST', `/rules/${rule.id}/backtest`)).status).toBe(404);
  expect(
    (await given.tenant.call('POST', `/rules/${rule.id}/backtest`, { token: given.tenant.readKey })).status,
  ).toBe(200);
});
