import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { incidentOutbox } from '#modules/incidents';
import { retryDeadLetters } from '#platform/outbox';
import { outboxAttemptsMax } from '#platform/outbox-work';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../../test/support/clock.ts';
import { checkDelivery } from '../health.ts';
import { type Ledger, ledgerOf } from './ledger.fixture.ts';

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

it('plans the others when one transition cannot be planned, and shows the failure in the ledger and in health', async () => {
  const alerts = await ledger.openAlerts(7);
  const [bad = '', ...good] = alerts;
  await ledger.transition('opened', alerts, { tell: false });
  await asOwner(
    `alter table notifications add constraint no_poison check (alert_id <> '${await ledger.incidentOf(bad)}' or status = 'failed')`,
  );
  try {
    await ledger.plan();
    expect(await rowsOf(good)).toEqual(good.map(() => ['opened', 'not_sent']));
    expect(await rowsOf([bad])).toEqual([]);
    expect((await checkDelivery(house.ctx)).observed_value).toBe(1);
    for (let attempt = 1; attempt < outboxAttemptsMax; attempt += 1) {
      await run(sql`update incident_transitions set plan_after = clock_timestamp() where planned_at is null`);
      await ledger.plan();
    }
    expect(await rowsOf([bad])).toEqual([['opened', 'failed']]);
    expect((await ledger.rows()).find((row) => row.alert_id === bad)?.reason).toMatch(
      /^Nobody was told: it could not be planned after 8 attempts \(/,
    );
    expect(await checkDelivery(house.ctx)).toMatchObject({
      status: 'warn',
      output: expect.stringContaining('1 changes of incidents of the last 24 h could not be sent at all'),
    });
    const ready = await house.call('GET', '/health/ready', { token: null });
    expect(ready.body.checks.notifications).toMatchObject({ status: 'warn' });
  } finally {
    await asOwner('alter table notifications drop constraint no_poison');
  }
});

it('says in health that a transition has waited for long', async () => {
  await ledger.transition('opened', await ledger.openAlerts(2), { tell: false });
  expect(await checkDelivery(house.ctx)).toMatchObject({ status: 'pass', observed_value: 2 });
  await run(sql`update incident_transitions set plan_after = plan_after - interval '31 s'`);
  expect(await checkDelivery(house.ctx)).toMatchObject({
    status: 'warn',
    output: '2 changes of incidents wait to be sent, the oldest for 31 s; is a worker running?',
  });
});

it('plans in order an alert that opened, escalated and was acknowledged before any worker ran', async () => {
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

it('does not change a transition that the previous release has told', async () => {
  await ledger.transition('opened', await ledger.openAlerts(1));
  await run(sql`update incident_transitions set planned_at = null`);
  await ledger.plan();
  expect(await ledger.rows()).toHaveLength(1);
});

it('tells a transition that was given up once somebody tries it again, and removes its failure', async () => {
  const alerts = await ledger.openAlerts(1);
  const channel = { kind: 'console', name: 'Console', config: {} };
  expect((await house.call('POST', '/api/v1/default/channels', { body: channel })).status).toBe(201);
  await asOwner("alter table notifications add constraint no_poison check (status = 'failed')");
  await ledger.transition('opened', alerts, { tell: false });
  await run(sql`update incident_transitions set plan_attempts = ${outboxAttemptsMax - 1}`);
  await ledger.plan();
  await asOwner('alter table notifications drop constraint no_poison');
  expect(await rowsOf(alerts)).toEqual([['opened', 'failed']]);
  const listed = await house.call('GET', '/api/v1/default/notifications?status=failed');
  expect(listed.body.data[0].reason).toContain('"watchkeeper jobs retry" tries it again.');
  const health = async () => (await house.call('GET', '/health/detailed')).body.checks['outbox:failed'];
  expect(await health()).toMatchObject({
    status: 'warn',
    output: expect.stringContaining('Given up (1 changes of incidents)'),
  });
  const metrics = String((await house.call('GET', '/metrics')).body);
  expect(metrics).toContain('watchkeeper_outbox_rows{outbox="changes of incidents",state="failed"} 1');
  expect(await house.ctx.db.system((tx) => retryDeadLetters(tx, [incidentOutbox]))).toBe(1);
  await ledger.runOnce();
  expect(await rowsOf(alerts)).toEqual([['opened', 'sent']]);
  expect(await health()).toMatchObject({ status: 'pass' });
});
