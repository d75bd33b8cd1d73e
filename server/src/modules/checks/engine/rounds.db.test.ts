import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMetrics } from '#platform/metrics';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { type Tenant, testTenant } from '../../../../../test/support/tenants.ts';
import { waitFor } from '../../../../../test/support/wait-for.ts';
import { beat, claim, flush } from './rounds.ts';
import { giveUp } from './turn.ts';
import { createWorker } from './worker.ts';

let house: TestApp;
let clock: TestClock;
let alice: Tenant;
let other: pg.Client;

beforeAll(async () => {
  clock = testClock(new Date());
  house = await testApp({ clock });
  alice = await testTenant(house, 'alice');
  other = new pg.Client({ connectionString: house.database.url });
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await house.close();
});

const isWaiting = async () => {
  const { rows } = await other.query(
    "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rows.length > 0;
};

test('a turn that is given up during a flush is given back by the next flush', async () => {
  for (const slug of ['one', 'two']) {
    const body = {
      slug,
      name: slug,
      kind: 'http',
      config: { url: 'http://127.0.0.1:49151/' },
      interval: '1d',
    };
    expect((await alice.call('POST', '/checks', { body })).status).toBe(201);
  }
  const worker = createWorker({ ...house.ctx, metrics: createMetrics() });
  await beat(worker);
  const [one, two] = await claim(worker, 70_000);
  if (one === undefined || two === undefined) throw new Error('not both checks were claimed');
  await other.query('begin');
  await other.query('select from check_state where check_id = $1 for update', [one.check_id]);
  giveUp(worker, one);
  const flushed = flush(worker);
  await waitFor('the flush to wait for the row', isWaiting);
  giveUp(worker, two);
  await other.query('rollback');
  await flushed;
  await flush(worker);
  const { rows } = await other.query('select check_id from check_state where lease_owner = $1', [
    worker.owner,
  ]);
  expect(rows).toEqual([]);
});
