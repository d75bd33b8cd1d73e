import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { type TestClock, testClock } from '../../../../test/support/clock.ts';
import { type HttpReceiver, httpReceiver } from '../../../../test/support/receivers.ts';
import { type Ledger, ledgerOf } from './incidents/ledger.fixture.ts';

let clock: TestClock;
let receiver: HttpReceiver;
let house: TestApp;
let ledger: Ledger;

beforeAll(async () => {
  clock = testClock();
  receiver = await httpReceiver();
  house = await testApp({
    clock,
    // The sweep of the first pass is the only one.
    env: { DEAD_MANS_SWITCH_URL: `${receiver.url}/ping/a-secret`, ALERT_CHECK_INTERVAL: '3600' },
  });
  ledger = await ledgerOf(house);
});
afterAll(async () => {
  await house.close();
  await receiver[Symbol.asyncDispose]();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = { status: 200, body: 'ok' };
});

const run = (statement: ReturnType<typeof sql>) => house.ctx.db.system((tx) => statement.execute(tx));

/** One pass of a worker, a minute after the last. Returns the calls that it made, and what health says of them. */
async function minute() {
  clock.advance(60);
  receiver.received.length = 0;
  await house.app.workOnce(1_000);
  const { body } = await house.call('GET', '/health/ready', { token: null });
  return { calls: receiver.received.map(({ path }) => path), health: body.checks.dead_mans_switch };
}
const called = { calls: ['/ping/a-secret'], health: { status: 'pass' } };

it('calls the address once a minute while alerts are found and told', async () => {
  expect(await minute()).toMatchObject(called);
  await house.app.workOnce(1_000);
  expect(receiver.received).toHaveLength(1);
  expect(await minute()).toMatchObject(called);
});

it('does not call while the rules are not swept in time or not completely, and says so', async () => {
  const sweep = (set: ReturnType<typeof sql>) =>
    run(sql`update periodic_work set ${set} where name = 'alerting.tick'`);
  await sweep(sql`last_error = 'broken'`);
  expect(await minute()).toMatchObject({
    calls: [],
    health: { status: 'warn', output: expect.stringContaining('The last sweep of the rules was incomplete') },
  });
  await sweep(sql`last_error = null, finished_at = finished_at - interval '3 hours'`);
  expect(await minute()).toMatchObject({
    calls: [],
    health: { status: 'warn', output: expect.stringContaining('The rules have not been swept for') },
  });
  await sweep(sql`finished_at = finished_at + interval '3 hours'`);
  expect(await minute()).toMatchObject(called);
});

it('does not call while changes wait to be grouped or told', async () => {
  await ledger.transition('opened', await ledger.openAlerts(1), { tell: false });
  for (const [table, named] of [
    ['incident_transitions', 'changes of incidents has waited for 31 s'],
    ['alert_transitions', 'changes of alerts has waited for 31 s'],
  ] as const) {
    await run(
      sql`update ${sql.table(table)} set planned_at = null, plan_after = clock_timestamp() - interval '31 s'`,
    );
    expect(await minute()).toMatchObject({
      calls: [],
      health: { status: 'warn', output: expect.stringContaining(named) },
    });
    // The pass before planned it after the look.
    expect(await minute()).toMatchObject(called);
  }
});

it('warns when the address refuses, without telling the address', async () => {
  receiver.answer = { status: 404, body: 'gone' };
  const { health } = await minute();
  expect(health).toEqual({ status: 'warn', output: 'It was called, and answered HTTP 404.' });
});
