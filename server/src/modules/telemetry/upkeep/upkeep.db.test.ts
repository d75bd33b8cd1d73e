import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readHeartbeatSeries } from '#modules/telemetry';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { compact } from './compact.ts';
import { keepDays } from './retention.ts';
import { rollUp } from './rollup-job.ts';

let house: TestApp;
let clock: TestClock;
let token: string;
const signal = new AbortController().signal;

beforeEach(async () => {
  clock = testClock('2026-03-02T22:00:00Z');
  house = await testApp({ clock, env: { HEARTBEAT_RETENTION_DAYS: '3', METRICS_RETENTION_DAYS: '5' } });
  await house.call('POST', '/api/v1/default/sites', {
    body: { slug: 'north', name: 'North', timezone: 'UTC' },
  });
  token = (await house.call('POST', '/api/v1/default/devices', { body: { slug: 'gate', site: 'north' } }))
    .body.token;
});
afterEach(() => house.close());

const iso = (ms: number) => new Date(ms).toISOString();

interface Sent {
  at: number;
  cpu: number;
  queue: number;
  sequence: number;
}

const body = (fields: object) => ({
  device_id: 'gate',
  tenant_id: 'default',
  store_id: 'north',
  status: 'ok',
  ...fields,
});

/** Sends one heartbeat each `stepSeconds` and moves the clock. */
async function send(count: number, stepSeconds: number, firstSequence = 1): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (let index = 0; index < count; index += 1) {
    const beat = {
      at: clock.now(),
      cpu: ((index * 37) % 100) / 10,
      queue: index % 7,
      sequence: firstSequence + index,
    };
    const answer = await house.call('POST', '/heartbeat', {
      token,
      body: body({
        sequence: beat.sequence,
        sent_at: iso(beat.at - 20),
        cpu_usage: beat.cpu,
        ...(index % 3 === 0 ? {} : { metrics: { queue: beat.queue } }),
      }),
    });
    expect(answer.body).toMatchObject({ accepted: true, duplicate: false, late: false });
    sent.push(beat);
    clock.advance(stepSeconds);
  }
  return sent;
}

const history = async (query: string) =>
  (await house.call('GET', `/heartbeat/gate/history?${query}`, { token })).body;

async function count(table: string): Promise<number> {
  const { rows } = await house.ctx.db.system((tx) =>
    sql<{ rows: number }>`select count(*)::int as rows from ${sql.table(table)}`.execute(tx),
  );
  return rows[0]?.rows ?? 0;
}

async function days(table: string): Promise<string[]> {
  const { rows } = await house.ctx.db.system((tx) =>
    sql<{ day: string }>`select telemetry_days(${table})::text as day`.execute(tx),
  );
  return rows.map((row) => row.day);
}

/** The expected rollup of the heartbeats that were sent. */
function bruteForce(sent: readonly Sent[], bucketMs: number) {
  const groups = Map.groupBy(sent, (beat) => Math.floor(beat.at / bucketMs) * bucketMs);
  return [...groups].map(([at, beats]) => {
    const cpus = beats.map((beat) => beat.cpu);
    return {
      at: iso(at),
      count: beats.length,
      min: Math.min(...cpus),
      max: Math.max(...cpus),
      last: cpus.at(-1),
      avg: cpus.reduce((sum, cpu) => sum + cpu, 0) / cpus.length,
    };
  });
}

async function expectRollups(sent: readonly Sent[], resolution: '5m' | '1h' | '1d', minutes: number) {
  const { data } = await history(`hours=100&resolution=${resolution}`);
  const wanted = bruteForce(sent, minutes * 60_000);
  expect(data).toHaveLength(wanted.length);
  for (const [index, point] of wanted.entries()) {
    const { cpu_usage } = data[index].values;
    expect({ at: data[index].at, count: data[index].count }).toEqual({ at: point.at, count: point.count });
    expect(cpu_usage).toMatchObject({ count: point.count, min: point.min, max: point.max, last: point.last });
    expect(cpu_usage.avg).toBeCloseTo(point.avg ?? 0, 9);
  }
}

test('rollups of every size agree with the heartbeats, stored or not yet stored', async () => {
  await rollUp(house.ctx, signal);
  const sent = await send(150, 100);
  for (const [resolution, minutes] of [
    ['5m', 5],
    ['1h', 60],
    ['1d', 1440],
  ] as const) {
    await expectRollups(sent, resolution, minutes);
  }
  expect(await count('heartbeat_rollups')).toBe(0);
  clock.advance(120);
  await rollUp(house.ctx, signal);
  expect(await count('heartbeat_rollups')).toBeGreaterThan(40);
  for (const [resolution, minutes] of [
    ['5m', 5],
    ['1h', 60],
    ['1d', 1440],
  ] as const) {
    await expectRollups(sent, resolution, minutes);
  }
  const hourly = (await history('hours=100&resolution=1h')).data[1];
  expect(hourly.metrics.queue.max).toBe(6);
});

test('one turn catches up with a fleet that was silent for nine days, and misses nothing before or after', async () => {
  await rollUp(house.ctx, signal);
  const before = await send(20, 60);
  clock.advance(9 * 86_400);
  const after = await send(20, 60);
  clock.advance(3600);
  await rollUp(house.ctx, signal);
  const stored = await house.ctx.db.system((tx) =>
    sql<{ at: string; upto: Date }>`
      select bucket as at, p.upto from heartbeat_rollups r join rollup_progress p using (minutes)
      where minutes = 5 order by bucket`.execute(tx),
  );
  const fiveMinutes = 300_000;
  expect(stored.rows.map((row) => iso(Date.parse(row.at)))).toEqual(
    bruteForce([...before, ...after], fiveMinutes).map((point) => point.at),
  );
  expect(clock.now() - (stored.rows[0]?.upto.getTime() ?? 0)).toBeLessThan(2 * fiveMinutes);
  await expectRollups(after, '1h', 60);
});

test('a second run of the rollups changes nothing, and two at once do not conflict', async () => {
  await rollUp(house.ctx, signal);
  await send(40, 60);
  clock.advance(600);
  await Promise.all([rollUp(house.ctx, signal), rollUp(house.ctx, signal)]);
  const before = await history('hours=10&resolution=5m');
  const rows = await count('heartbeat_rollups');
  await rollUp(house.ctx, signal);
  expect(await count('heartbeat_rollups')).toBe(rows);
  expect(await history('hours=10&resolution=5m')).toEqual(before);
});

test('a late heartbeat is counted in rollups that were stored before', async () => {
  await rollUp(house.ctx, signal);
  const sent = await send(60, 60);
  clock.advance(3600);
  await rollUp(house.ctx, signal);
  const at = (sent[10]?.at ?? 0) + 30_000;
  const late = { at, cpu: 99, queue: 1, sequence: 900 };
  const answer = await house.call('POST', '/heartbeats', {
    token,
    body: [body({ sent_at: iso(at - 20), cpu_usage: 99, metrics: { queue: 1 } })],
  });
  expect(answer.body).toMatchObject({ accepted: 1, late: 1 });
  await rollUp(house.ctx, signal);
  const all = [...sent, late].toSorted((one, other) => one.at - other.at);
  await expectRollups(all, '5m', 5);
  await expectRollups(all, '1h', 60);
  const { rows: stale } = await house.ctx.db.system((tx) =>
    sql<{ minutes: number }>`select minutes from rollup_dirty`.execute(tx),
  );
  // The day is not over, so its rollup is not stored yet.
  expect(stale.map((row) => row.minutes)).toEqual([1440]);
});

test('a day that is over is packed, its raw rows are dropped, and it reads exactly as before', async () => {
  await rollUp(house.ctx, signal);
  await send(200, 60);
  const before = await history('hours=48');
  expect(before.data).toHaveLength(200);
  await compact(house.ctx, signal);
  expect(await count('heartbeat_chunks')).toBe(0);
  clock.advance(2 * 3600);
  await rollUp(house.ctx, signal);
  await compact(house.ctx, signal);
  expect(await count('heartbeat_chunks')).toBe(1);
  expect(await days('heartbeats')).not.toContain('2026-03-02');
  const after = await history('hours=48');
  expect(after.data).toEqual(before.data);
  const device = (await house.call('GET', '/api/v1/default/devices/gate')).body;
  const organizationId = (await house.call('GET', '/api/v1/orgs/default')).body.id;
  const window = {
    organizationId,
    deviceId: device.id,
    from: new Date('2026-03-02T23:50:00Z'),
    to: new Date('2026-03-03T00:10:00Z'),
  };
  const series = await house.ctx.db.tenant(organizationId, (tx) => readHeartbeatSeries(tx, window));
  expect(series).toHaveLength(20);
  expect(series[0]).toMatchObject({ at: new Date('2026-03-02T23:50:00Z'), status: 'ok' });
});

test('history pages have no gap and no repeat, across packed and raw days', async () => {
  await rollUp(house.ctx, signal);
  await send(150, 60);
  clock.advance(3 * 3600);
  await rollUp(house.ctx, signal);
  await compact(house.ctx, signal);
  const sequences: number[] = [];
  let cursor: string | null = null;
  do {
    const page: { data: { sequence: number }[]; next_cursor: string | null } = await history(
      `hours=48&limit=40${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    sequences.push(...page.data.map((point) => point.sequence));
    cursor = page.next_cursor;
  } while (cursor !== null);
  expect(sequences).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
});

test('a late heartbeat of a packed day is stored, read, recognized on retry, and merged', async () => {
  await rollUp(house.ctx, signal);
  await send(110, 60);
  clock.advance(3 * 3600);
  await send(1, 60, 500);
  await rollUp(house.ctx, signal);
  await compact(house.ctx, signal);
  const late = body({ sent_at: '2026-03-02T22:30:30Z', cpu_usage: 77, sequence: 31 });
  const answer = await house.call('POST', '/heartbeats', { token, body: [late] });
  expect(answer.body).toMatchObject({ accepted: 1, late: 1, duplicates: 0 });
  expect(await count('heartbeats_late')).toBe(1);
  expect((await house.call('POST', '/heartbeats', { token, body: [late] })).body.duplicates).toBe(1);
  const before = await history('hours=48');
  expect(before.data).toHaveLength(112);
  await compact(house.ctx, signal);
  expect(await count('heartbeats_late')).toBe(0);
  expect((await history('hours=48')).data).toEqual(before.data);
  expect((await house.call('POST', '/heartbeats', { token, body: [late] })).body.duplicates).toBe(1);
});

test('days are dropped as a whole after their retention, and made ahead', async () => {
  await rollUp(house.ctx, signal);
  await send(3, 60);
  for (let day = 0; day < 7; day += 1) {
    clock.advance(86_400);
    await send(1, 0, 100 + day);
    await rollUp(house.ctx, signal);
    await compact(house.ctx, signal);
    await keepDays(house.ctx, signal);
  }
  expect(await days('heartbeats')).toEqual(['2026-03-09', '2026-03-10', '2026-03-11']);
  expect(await days('heartbeat_chunks')).toEqual(['2026-03-06', '2026-03-07', '2026-03-08']);
  expect((await days('heartbeat_rollups'))[0]).toBe('2026-03-04');
  expect((await history('hours=200')).resolution).toBe('5m');
  expect((await history('hours=72')).data.map((point: { sequence: number }) => point.sequence)).toEqual([
    103, 104, 105, 106,
  ]);
});

test('intake makes its own partition when no upkeep has run for weeks', async () => {
  clock.advance(30 * 86_400);
  await send(2, 30);
  expect((await history('hours=1')).data).toHaveLength(2);
});

test('a deleted device leaves no history', async () => {
  await send(3, 60);
  expect(await count('heartbeats')).toBe(3);
  await house.call('DELETE', '/api/v1/default/devices/gate');
  await house.app.workOnce(100);
  expect(await count('heartbeats')).toBe(0);
  expect(await count('device_state')).toBe(0);
});
