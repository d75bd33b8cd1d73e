import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { waitFor } from '../../../../../test/support/wait-for.ts';
import { type FastLane, openFastLane, storeInOrder } from './fast-store.ts';
import type { IntakeItem } from './item.ts';

let house: TestApp;
let owner: pg.Client;
let token = '';

beforeAll(async () => {
  house = await testApp();
  await house.call('POST', '/api/v1/default/sites', {
    body: { slug: 'north', name: 'North', timezone: 'UTC' },
  });
  const created = await house.call('POST', '/api/v1/default/devices', {
    body: { slug: 'd-1', site: 'north' },
  });
  token = created.body.token;
  owner = new pg.Client({ connectionString: house.database.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await house.close();
});

const beat = (sequence: number) =>
  house.call('POST', '/heartbeat', {
    token,
    body: { device_id: 'd-1', tenant_id: 'default', store_id: 'north', status: 'ok', sequence },
  });

/** The next heartbeat, in order, of a device with this key. */
function item(key: number, sequence: number): IntakeItem {
  const at = house.ctx.clock.now();
  return {
    device: {
      key,
      id: '',
      slug: 'd-1',
      organizationId: '',
      organizationSlug: 'default',
      siteId: '',
      siteSlug: 'north',
      retired: false,
    },
    record: { at, status: 'ok', appVersion: null, sentAt: null, sequence, values: {}, metrics: null },
    reported: 'online',
    words: { idOf: () => undefined },
    buffered: false,
    flagged: false,
    settle: () => undefined,
  };
}

async function withLane(work: (lane: FastLane) => Promise<void>): Promise<void> {
  const client = await house.ctx.db.connect();
  try {
    await work(await openFastLane(client));
  } finally {
    await client.end();
  }
}

async function storedOf(key: number): Promise<number> {
  const { rows } = await owner.query<{ stored: number }>(
    'select count(*)::int as stored from heartbeats where device_key = $1',
    [key],
  );
  return rows[0]?.stored ?? 0;
}

async function keyOfDevice(): Promise<number> {
  const { rows } = await owner.query<{ device_key: number }>(
    "select s.device_key from device_state s join devices d on d.id = s.device_id where d.slug = 'd-1'",
  );
  return rows[0]?.device_key ?? 0;
}

/** No silence is long enough to be reported. */
const never = Number.POSITIVE_INFINITY;

test('a batch without a row that may be changed reports each one missing and stores nothing', async () => {
  expect((await beat(5)).status).toBe(202);
  const key = await keyOfDevice();
  const stored = await storedOf(key);
  const unknownKey = 2_000_000_000;
  await withLane(async (lane) => {
    // One is older than the stored one, and one is of a device without a state.
    expect(await storeInOrder(lane, [item(key, 4), item(unknownKey, 1)], never)).toEqual(new Set());
  });
  expect([await storedOf(key), await storedOf(unknownKey)]).toEqual([stored, 0]);
});

test('a batch reports exactly what it stored, and null when it stored everything', async () => {
  expect((await beat(10)).status).toBe(202);
  const key = await keyOfDevice();
  const stored = await storedOf(key);
  await withLane(async (lane) => {
    expect(await storeInOrder(lane, [item(key, 11), item(2_000_000_000, 1)], never)).toEqual(new Set([key]));
    expect(await storeInOrder(lane, [item(key, 12)], never)).toBeNull();
  });
  expect(await storedOf(key)).toBe(stored + 2);
});

test('a heartbeat that ends a long silence is left to the careful way, which reports the silence', async () => {
  expect((await beat(20)).status).toBe(202);
  const key = await keyOfDevice();
  const late = item(key, 21);
  const silent = { ...late, record: { ...late.record, at: late.record.at + 60_000 } };
  await withLane(async (lane) => {
    expect(await storeInOrder(lane, [silent], 59_000)).toEqual(new Set());
    expect(await storeInOrder(lane, [silent], 90_000)).toBeNull();
  });
});

test('each device is looked up by its key, even when the table was empty when the plan was made', async () => {
  await using fresh = await testApp();
  const statistics = new pg.Client({ connectionString: fresh.database.url });
  await statistics.connect();
  await statistics.query('vacuum analyze device_state').finally(() => statistics.end());
  const client = await fresh.ctx.db.connect();
  try {
    await storeInOrder(await openFastLane(client), [item(2_000_000_000, 1)], never);
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `explain (costs off) execute "telemetry.store_in_order"('{}', 1)`,
    );
    const plan = rows.map((row) => row['QUERY PLAN'].trim());
    const join = plan.findIndex((line) => line.includes('Nested Loop'));
    expect(plan.slice(join + 1, join + 3)).toEqual([
      '->  Function Scan on unnest',
      '->  Index Scan using device_state_pkey on device_state s',
    ]);
  } finally {
    await client.end();
  }
});

test('a lane that cannot be prepared leaves no open connection, and heartbeats are still stored', async () => {
  // Only for this test: a new app has no open lane yet.
  await using fresh = await testApp();
  await fresh.call('POST', '/api/v1/default/sites', { body: { slug: 's', name: 'S', timezone: 'UTC' } });
  const device = await fresh.call('POST', '/api/v1/default/devices', { body: { slug: 'd', site: 's' } });
  const client = new pg.Client({ connectionString: fresh.database.url });
  await client.connect();
  try {
    await client.query('alter type telemetry_item rename to telemetry_item_away');
    const lanes = async () => {
      const { rows } = await client.query<{ lanes: number }>(
        `select count(*)::int as lanes from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and query like '%telemetry_item%regtype%'`,
      );
      return rows[0]?.lanes ?? 0;
    };
    for (let sequence = 1; sequence <= 5; sequence += 1) {
      const answer = await fresh.call('POST', '/heartbeat', {
        token: device.body.token,
        body: { device_id: 'd', tenant_id: 'default', store_id: 's', status: 'ok', sequence },
      });
      expect(answer.status).toBe(202);
    }
    await waitFor('the failed lanes to be closed', async () => (await lanes()) === 0);
    const { rows } = await client.query<{ stored: number }>('select count(*)::int as stored from heartbeats');
    expect(rows[0]?.stored).toBe(5);
  } finally {
    await client.end();
  }
});
