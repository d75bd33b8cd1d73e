import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { healClock } from '#platform/clock-step';
import { testApp } from '../../../../../test/support/app.ts';
import { waitFor } from '../../../../../test/support/wait-for.ts';
import { clockRules } from '../../../app.ts';
import { type AlertingHouse, alertingHouse, type Given } from '../../alerting/house.fixture.ts';
import { checkDelivery } from '../health.ts';
import { escalateDue } from './escalate-due.ts';

let shared: AlertingHouse;
let given: Given;
beforeAll(async () => {
  shared = await alertingHouse();
});
afterAll(() => shared[Symbol.asyncDispose]());
beforeEach(async () => {
  given = await shared.newcomer();
  await given.site('dartmouth');
  await given.device('bay-1', 'dartmouth');
});

const signal = () => AbortSignal.timeout(60_000);
const escalate = (ctx = given.house.ctx) => escalateDue(ctx, signal());

async function boss(): Promise<string> {
  const added = await given.tenant.call('POST', '/channels', {
    body: { kind: 'console', name: 'Boss', config: {}, escalation_only: true },
  });
  expect(added.status).toBe(201);
  return added.body.id;
}

/** The device goes silent; its rule escalates after ten minutes. Returns the alert. */
async function silent(channels: readonly string[] = []): Promise<string> {
  const escalation = { escalate_after: '10m', escalate_to_channels: channels };
  expect((await given.changeRule('device_offline', { escalation_rules: escalation })).status).toBe(200);
  await given.beat('bay-1', 'dartmouth');
  await given.pass(130);
  await given.tick();
  return (await given.alerts())[0]?.id ?? '';
}

async function timeline(alertId: string): Promise<{ kind: string; why: string; details: object }[]> {
  return (await given.tenant.call('GET', `/alerts/${alertId}`)).body.timeline;
}

const kinds = async (alertId: string) => (await timeline(alertId)).map((entry) => entry.kind);

const query = async (text: string, values: unknown[] = []) =>
  (await given.house.ctx.db.pool.query(text, values)).rows;

/** Another transaction locks the alert until `release`. Escalations wait for it. */
async function heldAlert(alertId: string) {
  const connectionString = given.house.database.url;
  const [person, watcher] = [new pg.Client({ connectionString }), new pg.Client({ connectionString })];
  await person.connect();
  await watcher.connect();
  await person.query('begin');
  await person.query('select from alerts where id = $1 for update', [alertId]);
  return {
    person,
    waiting: (count: number) =>
      waitFor(
        `${count} escalations to wait for the alert`,
        async () => {
          const { rows } = await watcher.query(
            "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
          );
          return rows.length === count;
        },
        20_000,
      ),
    release: () => person.query('commit'),
    async [Symbol.asyncDispose]() {
      await person.end();
      await watcher.end();
    },
  };
}

test('what nobody acknowledged in time escalates, once, to the channels of the rule', async () => {
  const channel = await boss();
  const alert = await silent([channel]);
  await given.pass(599);
  await escalate();
  expect(await kinds(alert)).toEqual(['opened']);
  await given.pass(1);
  await escalate();
  await escalate();
  expect(await timeline(alert)).toMatchObject([
    { kind: 'opened' },
    {
      kind: 'escalated',
      why: 'Nobody acknowledged it within 10 min.',
      details: { escalate_to_channels: [channel] },
    },
  ]);
});

test('the periodic work does it, in whichever process takes its turn, and the channel is told', async () => {
  const channel = await boss();
  const alert = await silent([channel]);
  await given.pass(700);
  await given.work();
  expect(await kinds(alert)).toEqual(['opened', 'escalated']);
  const { data } = (await given.tenant.call('GET', '/notifications?limit=100')).body;
  expect(data).toContainEqual(
    expect.objectContaining({ transition: 'escalated', channel_name: 'Boss', status: 'sent' }),
  );
});

describe('two at once', () => {
  test('two processes that find the same alert due escalate it once', async () => {
    await using other = await testApp({ clock: given.clock, database: given.house.database });
    const alert = await silent();
    await given.pass(600);
    await using held = await heldAlert(alert);
    const both = Promise.all([escalate(), escalate(other.ctx)]);
    await held.waiting(2);
    await held.release();
    await both;
    expect(await kinds(alert)).toEqual(['opened', 'escalated']);
  });

  test('an alert that is acknowledged while its escalation is under way does not escalate', async () => {
    const alert = await silent();
    await given.pass(600);
    await using held = await heldAlert(alert);
    const round = escalate();
    await held.waiting(1);
    await held.person.query("update alerts set status = 'acknowledged' where id = $1", [alert]);
    await held.release();
    await round;
    expect(await kinds(alert)).toEqual(['opened']);
  });

  test('an alert that was acknowledged before its time does not escalate, and does when that is taken back', async () => {
    const alert = await silent();
    await given.tenant.call('POST', `/alerts/${alert}/acknowledge`, { body: {} });
    await given.pass(600);
    await escalate();
    expect(await kinds(alert)).toEqual(['opened', 'acknowledged']);
    expect((await given.tenant.call('POST', `/alerts/${alert}/unacknowledge`, { body: {} })).status).toBe(
      200,
    );
    await escalate();
    expect(await kinds(alert)).toEqual(['opened', 'acknowledged', 'unacknowledged', 'escalated']);
  });
});

test('a maintenance that began after the alert mutes its escalation until it is over', async () => {
  const alert = await silent();
  const at = (seconds: number) => new Date(given.clock.now() + seconds * 1000).toISOString();
  const window = { location: 'dartmouth', systems: ['all'], reason: 'New line', timezone: 'UTC' };
  const made = await given.tenant.call('POST', '/maintenance', {
    body: { ...window, start_time: at(60), end_time: at(1_200) },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  await given.pass(120);
  await given.work();
  await given.pass(600);
  await escalate();
  expect(await kinds(alert)).toEqual(['opened']);
  await given.pass(600);
  await given.work();
  await escalate();
  expect(await kinds(alert)).toEqual(['opened', 'escalated']);
});

test('a policy of two levels escalates at each of them, once, also when both are late', async () => {
  const alert = await silent();
  const levels = [
    { after_seconds: 600, channels: [] },
    { after_seconds: 900, channels: ['DASHBOARD'] },
  ];
  await query('update escalation_policies set levels = $2 where organization_id = $1', [
    given.tenant.id,
    JSON.stringify(levels),
  ]);
  await given.pass(600);
  await escalate();
  await escalate();
  expect(await kinds(alert)).toEqual(['opened', 'escalated']);
  await given.pass(300);
  await escalate();
  await escalate();
  const [, first, second, ...more] = await timeline(alert);
  expect(more).toEqual([]);
  expect([first?.details, second?.details]).toEqual([
    { level: 1, escalate_to_channels: [] },
    { level: 2, escalate_to_channels: ['DASHBOARD'] },
  ]);
});

describe('a clock that goes back', () => {
  async function goBack(seconds: number): Promise<void> {
    given.clock.advance(-seconds);
    await given.pass(0);
    const now = new Date(given.clock.now());
    await query('insert into clock_steps (noticed_at, ahead_ms) values ($1, $2)', [now, seconds * 1000]);
    await healClock(given.house.ctx, clockRules(), signal());
  }

  test('delays an escalation by no more than its own time, and repeats none', async () => {
    const alert = await silent();
    await goBack(3_600);
    await given.pass(600);
    await escalate();
    expect(await kinds(alert)).toEqual(['opened', 'escalated']);
    await goBack(3_600);
    await given.pass(7_200);
    await escalate();
    expect(await kinds(alert)).toEqual(['opened', 'escalated']);
  });
});

test('health says so when no process escalates', async () => {
  await silent();
  const look = async () => await checkDelivery(given.house.ctx);
  await given.pass(600);
  expect((await look()).output ?? '').not.toMatch(/should have escalated/);
  await given.pass(200);
  expect(await look()).toMatchObject({
    status: 'warn',
    output: expect.stringMatching(
      /^1 alert that nobody acknowledged should have escalated, the first 200 s ago/,
    ),
  });
  await escalate();
  expect((await look()).output ?? '').not.toMatch(/should have escalated/);
});
