import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { poisonWhere } from '../../../../../test/support/poison.ts';
import { onDevicesNeedAttention } from '../detection/on-arrival.ts';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';

/** A limit of 120 s. A running server that checks every 10 s would have reported these silences. */
let houseOf: AlertingHouse;
let given: Given;
let device: string;

beforeAll(async () => {
  houseOf = await alertingHouse({ HEARTBEAT_OFFLINE_SECONDS: '120', ALERT_CHECK_INTERVAL: '10' });
});
afterAll(() => houseOf[Symbol.asyncDispose]());
beforeEach(async () => {
  given = await houseOf.newcomer();
  await given.site('north', 'America/Halifax');
  device = await given.device('till', 'north');
  await given.beat('till', 'north');
  // The first pass of cron.
  await given.tick();
});

const beatAfter = async (seconds: number) => {
  await given.pass(seconds);
  await given.beat('till', 'north');
};
const silences = async (query = '') =>
  (await given.alerts(query)).filter(({ type }) => type === 'device_offline');
async function timeline(
  id: string,
): Promise<{ kind: string; why: string; details: Record<string, unknown> }[]> {
  const { body } = await given.tenant.call('GET', `/alerts/${id}`);
  return body.timeline;
}
const kinds = async (id: string) => (await timeline(id)).map(({ kind }) => kind);

test('a silence completely between two passes is a resolved alert with its real times', async () => {
  const from = given.clock.now();
  await beatAfter(400);
  const to = given.clock.now();
  await beatAfter(30);
  expect(await silences()).toEqual([]);
  await given.pass(30);
  await given.tick();
  const [alert, more] = await silences('&status=resolved');
  expect(more).toBeUndefined();
  expect(alert).toMatchObject({ status: 'resolved', device_id: 'till' });
  expect(alert?.details).toMatchObject({
    limit_seconds: 120,
    happened_at: new Date(from + 120_000).toISOString(),
    happened_until: new Date(to).toISOString(),
  });
  expect(alert?.why).toMatch(
    /^No heartbeat for 6 min 40 s; the limit is 2 min\. Last heard .* That was until .*Halifax time\.$/,
  );
  expect(alert?.resolved_reason).toMatch(
    /^A heartbeat came .* It was over before Watchkeeper could judge it\.$/,
  );
  expect(await kinds(alert?.id ?? '')).toEqual(['opened', 'resolved']);
  expect(await given.statusOf(device)).toBe('online');
  // One report, however many passes run.
  await given.pass(30);
  await given.tick();
  expect(await silences()).toHaveLength(1);
});

test('the ledger has the people who would have been told, with the reason why not', async () => {
  const body = { name: 'Hook', kind: 'webhook', config: { url: 'https://hooks.example.com/x' } };
  const made = await given.tenant.call('POST', '/channels', { body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  await beatAfter(400);
  await given.tick();
  const { data } = (await given.tenant.call('GET', '/notifications')).body;
  expect(data.length).toBeGreaterThan(0);
  for (const row of data)
    expect([row.status, row.reason]).toEqual(['not_sent', 'It recovered before anyone was told.']);
});

test.each([
  ['within its limit', 110],
  ['so little above it that a running server might have missed it', 135],
])('a silence %s makes no alert', async (_what, seconds) => {
  await beatAfter(seconds);
  await given.pass(10);
  await given.tick();
  expect(await silences()).toEqual([]);
});

test("time in which we were away counts as no device's silence", async () => {
  await given.pass(350);
  // Intake came back 50 s before the heartbeat.
  await given.watch({ sinceSeconds: 0 });
  await beatAfter(50);
  await given.tick();
  expect(await silences()).toEqual([]);
});

describe('a heartbeat right after an outage of ours ends no silence of a device', () => {
  // The batch that ended the silence was stored just before our own first beat, or is judged before that beat.
  test('when it is judged before the next beat of the watch', async () => {
    await given.watch({ awake: true });
    given.clock.advance(400);
    await given.beat('till', 'north');
    await given.work();
    expect(await silences()).toEqual([]);
  });

  test('when it is judged after our first beat, before a tick has recorded the outage', async () => {
    await given.watch({ awake: true });
    given.clock.advance(400);
    await given.beat('till', 'north');
    given.clock.advance(1);
    await given.watch({ sinceSeconds: 0 });
    await given.work();
    await given.tick();
    expect(await silences()).toEqual([]);
  });
});

test('a silence under maintenance makes no alert', async () => {
  const now = given.clock.now();
  const window = await given.tenant.call('POST', '/maintenance', {
    body: {
      location: 'north',
      systems: ['till'],
      start_time: new Date(now + 60_000).toISOString(),
      end_time: new Date(now + 300_000).toISOString(),
      reason: 'New till',
    },
  });
  expect(window.status, JSON.stringify(window.body)).toBe(201);
  await beatAfter(400);
  await given.tick();
  expect(await silences()).toEqual([]);
});

test('a rule with its own shorter limit finds silences below the limit of the environment', async () => {
  expect((await given.changeRule('device_offline', { config: { limit_seconds: 30 } })).status).toBe(200);
  await given.work();
  await beatAfter(60);
  await given.tick();
  expect(await silences('&status=resolved')).toHaveLength(1);
});

test('a return and a new silence between two passes leave one open alert, with both in its timeline', async () => {
  await given.pass(200);
  await given.tick();
  const [alert] = await silences('&status=active');
  expect(await kinds(alert?.id ?? '')).toEqual(['opened']);
  // Between two passes the device is back for a minute, then silent again.
  await beatAfter(300);
  await beatAfter(60);
  await given.pass(500);
  await given.tick();
  const active = await silences('&status=active');
  expect(active.map(({ id }) => id)).toEqual([alert?.id]);
  const [, again, ...rest] = await timeline(alert?.id ?? '');
  expect(rest).toEqual([]);
  expect(again).toMatchObject({ kind: 'recurred', details: { returned_at: expect.any(String) } });
  expect(again?.why).toMatch(
    /^It came back .*Halifax time, sent its last heartbeat .*Halifax time, and has been silent since then\.$/,
  );
  expect(await given.statusOf(device)).toBe('offline');
  // It is reported once, and resolved when the device comes back.
  await given.pass(60);
  await given.tick();
  expect(await kinds(alert?.id ?? '')).toEqual(['opened', 'recurred']);
  await beatAfter(10);
  await given.tick();
  expect(await kinds(alert?.id ?? '')).toEqual(['opened', 'recurred', 'resolved']);
});

test('a past silence and a new one, both unseen, are one open alert that mentions the first', async () => {
  await beatAfter(400);
  await given.pass(300);
  await given.tick();
  const [alert, more] = await silences();
  expect(more).toBeUndefined();
  expect(alert?.status).toBe('open');
  const [, before] = await timeline(alert?.id ?? '');
  expect(before).toMatchObject({
    kind: 'recurred',
    why: expect.stringMatching(/^Before that it had been silent as well, for 6 min 40 s, until /),
  });
});

test('nothing is told twice when a worker ran all the time', async () => {
  for (let n = 0; n < 30; n += 1) {
    await given.pass(10);
    await given.tick();
  }
  await given.beat('till', 'north');
  await given.tick();
  const all = await silences();
  expect(all).toHaveLength(1);
  expect(await kinds(all[0]?.id ?? '')).toEqual(['opened', 'resolved']);
});

test('when its event is lost for good, the next pass tells of it once', async () => {
  await beatAfter(400);
  expect(await given.loseEvents('telemetry.')).toBeGreaterThan(0);
  await beatAfter(30);
  await given.tick();
  expect(await silences('&status=resolved')).toHaveLength(1);
  await given.pass(10);
  await given.tick();
  expect(await silences()).toHaveLength(1);
  const { rows } = await given.house.ctx.db.pool.query('select from past_silences');
  expect(rows).toEqual([]);
});

test('a silence in an event of the previous release is told too', async () => {
  const from = given.clock.now();
  await beatAfter(400);
  await given.loseEvents('telemetry.');
  await given.house.ctx.db.pool.query('delete from past_silences');
  const { rows } = await given.house.ctx.db.pool.query<{ key: number }>(
    'select key from devices where id = $1',
    [device],
  );
  const deviceKey = rows[0]?.key ?? 0;
  const iso = (ms: number) => new Date(ms).toISOString();
  const silence = { deviceKey, from: iso(from), to: iso(given.clock.now()) };
  await onDevicesNeedAttention(given.house.ctx, { deviceKeys: [deviceKey], silences: [silence] });
  expect(await silences('&status=resolved')).toHaveLength(1);
});

test('a silence that cannot be processed does not stop the others', async () => {
  await given.device('gate', 'north');
  await given.beat('gate', 'north');
  await given.tick();
  await using _poison = await poisonWhere(given.house, 'alerts', `new.device_id = '${device}'`);
  await given.pass(400);
  await given.beat('till', 'north');
  await given.beat('gate', 'north');
  await given.loseEvents('telemetry.');
  await given.pass(30);
  await given.tick();
  expect(await silences()).toMatchObject([{ device_id: 'gate', status: 'resolved' }]);
});
