import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordMetrics } from '#modules/telemetry';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../test/support/clock.ts';
import { poisonWhere } from '../../../../test/support/poison.ts';
import type { Outcome } from './intake/item.ts';
import { createReceiver } from './intake/receive.ts';
import { runtimeOf } from './runtime.ts';
import { compact } from './upkeep/compact.ts';
import { rollUp } from './upkeep/rollup-job.ts';

let house: TestApp;
let clock: TestClock;
const tokens = new Map<string, string>();
const signal = new AbortController().signal;

beforeAll(async () => {
  clock = testClock('2026-03-02T12:00:00Z');
  house = await testApp({ clock });
  await house.call('POST', '/api/v1/default/sites', {
    body: { slug: 'north', name: 'North', timezone: 'UTC' },
  });
  for (const slug of ['a', 'b', 'c', 'd']) {
    const made = await house.call('POST', '/api/v1/default/devices', { body: { slug, site: 'north' } });
    tokens.set(slug, made.body.token);
  }
});
afterAll(() => house.close());

const beat = (slug: string, fields: object = {}) => ({
  device_id: slug,
  tenant_id: 'default',
  store_id: 'north',
  status: 'ok',
  ...fields,
});
const keyOf = async (slug: string): Promise<number> => {
  const { rows } = await house.ctx.db.pool.query('select key from devices where slug = $1', [slug]);
  return rows[0].key;
};
const acceptedOf = (answer: { body: { results: { accepted: boolean }[] } }) =>
  answer.body.results.map((result) => result.accepted);
const sendAll = async (fields: object = {}) => {
  const heartbeats = ['a', 'b', 'c', 'd'].map((slug) => beat(slug, fields));
  return await house.call('POST', '/heartbeats', { body: { heartbeats } });
};

test('a heartbeat that the database refuses is refused alone; the others of its batch are stored once', async () => {
  expect(acceptedOf(await sendAll({ sequence: 1 }))).toEqual([true, true, true, true]);
  const odd = await keyOf('c');
  await using _poison = await poisonWhere(house, 'heartbeats', `new.device_key = ${odd}`);
  clock.advance(30);
  const answer = await sendAll({ sequence: 2, status: 'degraded' });
  expect(acceptedOf(answer)).toEqual([true, true, false, true]);
  expect(answer.body.results[2].error).toMatchObject({ message: expect.stringContaining('poisoned') });
  const { rows } = await house.ctx.db.pool.query('select count(*)::int as kept from heartbeats');
  expect(rows).toEqual([{ kept: 7 }]);
});

test("a heartbeat is answered once, also when the partition for another one's day cannot be made", async () => {
  const owner = new pg.Client({ connectionString: house.database.url });
  await owner.connect();
  clock.advance(30);
  await sendAll({ sequence: 3 });
  const odd = await keyOf('b');
  await using _poison = await poisonWhere(house, 'heartbeats', `new.device_key = ${odd}`, '23514');
  const told = new Map<string, (Outcome | Error)[]>([...tokens.keys()].map((slug) => [slug, []]));
  const receiver = createReceiver(house.ctx);
  const { directory } = runtimeOf(house.ctx);
  try {
    await owner.query('alter function telemetry_add_day(text, date) rename to telemetry_add_day_away');
    clock.advance(30);
    await new Promise<void>((resolve) => {
      let left = tokens.size;
      void Promise.all(
        [...tokens].map(async ([slug, token]) => ({ slug, device: await directory.findToken(token) })),
      ).then((devices) => {
        for (const { slug, device } of devices) {
          if (device === null) throw new Error('no device');
          // The odd one takes the careful way, since its status changes; the others take the fast one before it.
          const words = slug === 'b' ? { status: 'degraded' } : {};
          receiver.receive(device, beat(slug, { sequence: 4, ...words }), {
            receivedAt: clock.now(),
            buffered: false,
            settle(outcome) {
              told.get(slug)?.push(outcome);
              left -= 1;
              if (left === 0) resolve();
            },
          });
        }
      });
    });
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    await owner.query('alter function telemetry_add_day_away(text, date) rename to telemetry_add_day');
    await owner.end();
  }
  for (const [slug, outcomes] of told) expect(outcomes, slug).toHaveLength(1);
  expect(told.get('b')?.[0]).toBeInstanceOf(Error);
  expect(told.get('a')).toMatchObject([{ verdict: 'live' }]);
});

test.each([
  ['events', { type: 'sale', outcome: 'success', site: 'north' }, 'route', `new.route = 'odd'`],
  [
    'metrics',
    { metric_type: 'SYSTEM', metric_category: 'x', metric_name: 'odd', value: 1, unit: '%', source: 's' },
    'endpoint',
    `new.endpoint = 'odd'`,
  ],
])(
  'one of many %s that the database refuses is named, and the others are stored once',
  async (kind, item, field, condition) => {
    const table = kind === 'events' ? 'events' : 'metric_points';
    await using _poison = await poisonWhere(house, table, condition);
    const body = ['a', 'b', 'odd', 'c'].map((name) => ({ ...item, [field]: name }));
    const answer = await house.call('POST', `/api/v1/default/${kind}`, { body });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ accepted: 3, rejected: 1 });
    expect(acceptedOf(answer)).toEqual([true, true, false, true]);
    expect(answer.body.results[2].error.message).toContain('poisoned');
    const { rows } = await house.ctx.db.pool.query(`select count(*)::int as kept from ${table}`);
    expect(rows[0].kept).toBe(3);
  },
);

test('half a character in a text of an event is stored as the replacement character', async () => {
  const body = [{ type: 'refund', outcome: 'success', site: 'north', user_ref: 'x\ud83d' }];
  expect((await house.call('POST', '/api/v1/default/events', { body })).body).toMatchObject({ accepted: 1 });
  const { rows } = await house.ctx.db.pool.query(`select user_ref from events where type = 'refund'`);
  expect(rows).toEqual([{ user_ref: 'x\ufffd' }]);
});

test("an invalid number among a process's own measurements is left out, and the rest is kept", async () => {
  const { rows } = await house.ctx.db.pool.query(`select id from organizations where slug = 'default'`);
  const values = [1, Number.NaN, Number.POSITIVE_INFINITY, 4];
  const receipts = await recordMetrics(
    house.ctx,
    rows[0].id,
    values.map((value, index) => ({
      index,
      value: {
        metric_type: 'SYSTEM',
        metric_category: 'x',
        metric_name: 'own',
        value,
        unit: '',
        source: 'me',
      },
    })),
  );
  const accepted = receipts
    .toSorted((one, other) => one.index - other.index)
    .map((receipt) => receipt.accepted);
  expect(accepted).toEqual([true, false, false, true]);
});

test('a damaged row stops neither rollups nor packing of other devices', async () => {
  const odd = await keyOf('d');
  clock.advance(30);
  await sendAll({ sequence: 9, cpu_usage: 50 });
  await house.ctx.db.pool.query(`update heartbeats set body = '\\xff' where device_key = $1`, [odd]);
  clock.advance(3_600);
  await rollUp(house.ctx, signal);
  const { rows } = await house.ctx.db.pool.query(
    'select distinct device_key from heartbeat_rollups where minutes = 5',
  );
  expect(rows.map((row) => row.device_key)).toContain(await keyOf('a'));
  // The device itself goes on: its past cannot be read, its present can.
  const answer = await sendAll({ sequence: 10, sent_at: new Date(clock.now() - 5_000).toISOString() });
  expect(acceptedOf(answer)).toEqual([true, true, true, true]);
  clock.advance(27 * 3_600);
  await rollUp(house.ctx, signal);
  await compact(house.ctx, signal);
  const packed = await house.ctx.db.pool.query('select distinct device_key from heartbeat_chunks');
  expect(packed.rows.map((row) => row.device_key)).toContain(await keyOf('a'));
});
