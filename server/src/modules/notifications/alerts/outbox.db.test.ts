import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { checkDelivery } from '../health.ts';
import { type Ledger, ledgerOf } from './ledger.fixture.ts';
import { planAttemptsMax } from './plan-due.ts';

let clock: TestClock;
let house: TestApp;
let ledger: Ledger;

beforeAll(async () => {
  clock = testClock();
  house = await testApp({ clock });
  ledger = await ledgerOf(house);
});
afterAll(() => house.close());
afterEach(() => ledger.clear());

const run = (statement: ReturnType<typeof sql>) => house.ctx.db.system((tx) => statement.execute(tx));
async function asOwner(statement: string): Promise<void> {
  const owner = new pg.Client({ connectionString: house.database.url });
  await owner.connect();
  await owner.query(statement).finally(() => owner.end());
}
const rowsOf = async (alerts: readonly string[]) =>
  (await ledger.rows())
    .filter((row) => alerts.includes(row.alert_id))
    .map((row) => [row.transition_kind, row.status]);

it('plans the others when one transition cannot be planned, and says in the ledger and in health that it failed', async () => {
  const alerts = await ledger.openAlerts(7);
  const [bad = '', ...good] = alerts;
  await asOwner(
    `alter table notifications add constraint no_poison check (alert_id <> '${bad}' or status = 'failed')`,
  );
  try {
    await ledger.transition('opened', alerts);
    expect(await rowsOf(good)).toEqual(good.map(() => ['opened', 'not_sent']));
    expect(await rowsOf([bad])).toEqual([]);
    expect((await checkDelivery(house.ctx)).observed_value).toBe(1);
    for (let attempt = 1; attempt < planAttemptsMax; attempt += 1) {
      await run(sql`update alert_transitions set plan_after = clock_timestamp() where planned_at is null`);
      await ledger.plan();
    }
    expect(await rowsOf([bad])).toEqual([['opened', 'failed']]);
    expect((await ledger.rows()).find((row) => row.alert_id === bad)?.reason).toMatch(
      /^Nobody was told: it could not be planned after 8 attempts \(/,
    );
    expect(await checkDelivery(house.ctx)).toMatchObject({
      status: 'warn',
      output: expect.stringContaining('1 changes of alerts of the last 24 h could not be told at all'),
    });
    const ready = await house.call('GET', '/health/ready', { token: null });
    expect(ready.body.checks.notifications).toMatchObject({ status: 'warn' });
  } finally {
    await asOwner('alter table notifications drop constraint no_poison');
  }
});

it('says in health that what happened has not been told for long', async () => {
  await ledger.transition('opened', await ledger.openAlerts(2), { tell: false });
  expect(await checkDelivery(house.ctx)).toMatchObject({ status: 'pass', observed_value: 2 });
  await run(sql`update alert_transitions set plan_after = plan_after - interval '31 s'`);
  expect(await checkDelivery(house.ctx)).toMatchObject({
    status: 'warn',
    output: '2 changes of alerts wait to be told, the oldest for 31 s; is a worker running?',
  });
});

it('plans an alert that opened, escalated and was acknowledged before anybody looked in that order', async () => {
  const alerts = await ledger.openAlerts(1);
  for (const kind of ['opened', 'escalated', 'resolved'])
    await ledger.transition(kind, alerts, { tell: false });
  expect(await ledger.plan()).toBe(3);
  expect((await ledger.rows()).map((row) => row.transition_kind)).toEqual([
    'opened',
    'escalated',
    'resolved',
  ]);
  expect(await ledger.plan()).toBe(0);
});

it('leaves a transition that the release before has told as it is', async () => {
  await ledger.transition('opened', await ledger.openAlerts(1));
  await run(sql`update alert_transitions set planned_at = null`);
  await ledger.plan();
  expect(await ledger.rows()).toHaveLength(1);
});
