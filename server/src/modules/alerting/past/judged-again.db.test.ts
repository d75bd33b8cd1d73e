import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { poisonWhere } from '../../../../../test/support/poison.ts';
import { waitFor } from '../../../../../test/support/wait-for.ts';
import { escalateDue } from '../../notifications/escalation/escalate-due.ts';
import { readMoment } from '../detection/moment.ts';
import { sweepEvents } from '../detection/sweep.ts';
import { tick } from '../detection/tick.ts';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';
import { ruleKinds } from '../registry.ts';

let shared: AlertingHouse;
let given: Given;
beforeAll(async () => {
  shared = await alertingHouse();
});
afterAll(() => shared[Symbol.asyncDispose]());
beforeEach(async () => {
  given = await shared.newcomer();
  await given.site('dartmouth');
});

const at = (secondsAgo: number) => new Date(given.clock.now() - secondsAgo * 1_000);
const send = async (type: string, outcome: string, times: readonly Date[], site = 'dartmouth') => {
  const body = times.map((time) => ({ type, outcome, site, occurred_at: time.toISOString() }));
  const answer = await given.tenant.call('POST', '/events', { body });
  expect(answer.body).toMatchObject({ accepted: times.length });
  await given.work();
};
const alertsOf = (type: string) => given.alerts(`&type=${type}`);

/** A sweep in which something happens between its reading and its decision. */
async function sweepWhile(kindName: string, happens: () => Promise<unknown>): Promise<void> {
  const { ctx } = given.house;
  const kind = ruleKinds.find(kindName);
  if (kind === undefined) throw new Error('no such kind');
  const { moment } = await ctx.db.system((tx) => readMoment(ctx, tx));
  let looks = 0;
  const system: typeof ctx.db.system = async (work) => {
    looks += 1;
    if (looks === 2) await happens();
    return await ctx.db.system(work);
  };
  await sweepEvents({ ...ctx, db: { ...ctx.db, system } }, kind, moment, {});
  expect(looks).toBeGreaterThan(1);
}

describe('a recovery between reading and decision means no alert for', () => {
  test('a check', async () => {
    const made = await given.tenant.call('POST', '/checks', {
      body: {
        slug: 'web',
        name: 'web',
        kind: 'http',
        config: { url: 'http://127.0.0.1:8080/' },
        interval: '60s',
      },
    });
    const { pool } = given.house.ctx.db;
    const set = (status: string) =>
      pool.query(`update check_state set status = $2, since = $3, reason = 'x' where check_id = $1`, [
        made.body.id,
        status,
        at(600),
      ]);
    await set('down');
    await sweepWhile('check_failure', () => set('up'));
    expect(await given.alerts()).toEqual([]);
    await set('down');
    await sweepWhile('check_failure', async () => undefined);
    expect(await alertsOf('check_failure')).toHaveLength(1);
    await given.tenant.call('DELETE', '/checks/web');
  });

  test('a rate, a spike, a night and a measurement', async () => {
    const { pool } = given.house.ctx.db;
    const count = (type: string, failures: number, hoursAgo = 0) =>
      pool.query(
        `insert into event_counts (organization_id, bucket, type, site_id, successes, failures)
         select organization_id, date_trunc('minute', $1::timestamptz), $2, id, 0, $3 from sites where organization_id = $4`,
        [at(hoursAgo * 3_600), type, failures, given.tenant.id],
      );
    const gone = (table: string) => () =>
      pool.query(`delete from ${table} where organization_id = $1`, [given.tenant.id]);
    await count('gate.redemption', 50);
    await sweepWhile('rate', gone('event_counts'));
    await count('sale', 1, 30);
    await count('refund', 50);
    await sweepWhile('spike', gone('event_counts'));
    given.clock.set(new Date(Math.floor(given.clock.now() / 86_400_000) * 86_400_000 + 2 * 3_600_000));
    await given.pass(0);
    await count('sale', 5);
    await sweepWhile('after_hours', gone('event_counts'));
    const rule = {
      name: 'Hot',
      kind: 'metric',
      severity: 'high',
      config: { metric: 'heat', condition: { operator: '>', threshold: 5, duration: 0 } },
    };
    expect((await given.tenant.call('POST', '/rules', { body: rule })).status).toBe(201);
    const metric = {
      metric_type: 'SYSTEM',
      metric_category: 'x',
      metric_name: 'heat',
      value: 9,
      unit: '',
      source: 's',
    };
    expect((await given.tenant.call('POST', '/metrics', { body: metric })).status).toBe(202);
    await sweepWhile('metric', gone('metric_points'));
    expect(await given.alerts()).toEqual([]);
  });
});

describe('a window of 60 min', () => {
  // Half a minute past the minute: the first minute of the window is cut.
  beforeEach(() => given.pass(30));

  test.each([
    ['one second inside of it counts', 3_599, 1],
    ['one second outside of it does not', 3_601, 0],
    ['at its very edge does not', 3_600, 0],
  ])('an event %s', async (_where, secondsAgo, alerts) => {
    await send('gate.redemption', 'failure', [at(secondsAgo), ...Array.from({ length: 9 }, () => at(5))]);
    const found = await alertsOf('gate_fail_rate_high');
    expect(found).toHaveLength(alerts);
    if (alerts > 0) expect(found[0]?.details).toMatchObject({ samples: 10 });
  });

  test('counts a sale at night in the same way', async () => {
    given.clock.set(
      new Date(Math.floor(given.clock.now() / 86_400_000) * 86_400_000 + 3 * 3_600_000 + 30_000),
    );
    await given.pass(0);
    expect((await given.changeRule('after_hours_sales', { config: { minimum_samples: 2 } })).status).toBe(
      200,
    );
    await send('sale', 'success', [at(3_599), at(10)]);
    expect((await alertsOf('after_hours_sales'))[0]?.details).toMatchObject({ count: 2 });
  });
});

describe('events that come in hours later', () => {
  const night = (hoursAgo: number, count = 20) =>
    Array.from({ length: count }, (_, index) => at(hoursAgo * 3_600 - index));

  test('are judged for their own time, and told once', async () => {
    await send('gate.redemption', 'failure', night(5));
    const [alert, ...more] = await alertsOf('gate_fail_rate_high');
    expect(more).toEqual([]);
    expect(alert).toMatchObject({
      store_id: 'dartmouth',
      why: expect.stringMatching(
        /20 of 20 gate redemptions failed .* the events arrived 4 h 59 min later\.$/,
      ),
      details: { matching: 20, happened_at: expect.stringMatching(/^2026-.*:59\.999Z$/) },
    });
    await given.tenant.call('POST', `/alerts/${alert?.id}/resolve`, { body: { reason: 'known' } });
    await given.pass(7_200);
    // The rest of that night comes later: it was told already.
    await send('gate.redemption', 'failure', night(7));
    expect(await alertsOf('gate_fail_rate_high')).toHaveLength(1);
    // Another night is another alert.
    await send('gate.redemption', 'failure', night(20));
    expect(await alertsOf('gate_fail_rate_high')).toHaveLength(2);
  });

  test('are judged by the next pass, and told once, when their job is lost for good', async () => {
    const body = night(5).map((time) => ({
      ...{ type: 'gate.redemption', outcome: 'failure', site: 'dartmouth' },
      occurred_at: time.toISOString(),
    }));
    expect((await given.tenant.call('POST', '/events', { body })).body).toMatchObject({ accepted: 20 });
    expect(await given.loseEvents('telemetry.')).toBeGreaterThan(0);
    await given.pass(30);
    await given.tick();
    expect(await alertsOf('gate_fail_rate_high')).toMatchObject([{ details: { matching: 20 } }]);
    const { rows } = await given.house.ctx.db.pool.query('select from late_spans');
    expect(rows).toEqual([]);
  });

  test('a rule that cannot be judged stops no other, and an unknown zone holds back no alert', async () => {
    await given.site('halifax');
    const { pool } = given.house.ctx.db;
    const zone = (name: string) =>
      pool.query(`update sites set timezone = $2 where organization_id = $1 and slug = 'halifax'`, [
        given.tenant.id,
        name,
      ]);
    await zone('No/Where');
    // Younger than the rule of sales at night, which fails because of the zone.
    const rule = {
      ...{ name: 'Sales', type: 'sales_fail', kind: 'rate' },
      config: { event_type: 'sale', threshold_percent: 10, window_minutes: 60, per: 'site' },
    };
    expect((await given.tenant.call('POST', '/rules', { body: rule })).status).toBe(201);
    const sale = { type: 'sale', outcome: 'failure' };
    const body = ['halifax', 'dartmouth'].flatMap((site) =>
      night(5).map((time) => ({ ...sale, site, occurred_at: time.toISOString() })),
    );
    expect((await given.tenant.call('POST', '/events', { body })).body).toMatchObject({ accepted: 40 });
    await given.work();
    const told = (await alertsOf('sales_fail')).map((alert) => alert.store_id);
    expect(told.toSorted()).toEqual(['dartmouth', 'halifax']);
    await zone('UTC');
  });

  test('count at night only at their own site', async () => {
    await given.site('halifax');
    await send('sale', 'success', [at(9 * 3_600)]);
    expect(await alertsOf('after_hours_sales')).toMatchObject([
      { store_id: 'dartmouth', details: { count: 1, late_seconds: expect.any(Number) } },
    ]);
  });

  test('are not told again when they were told at their time', async () => {
    await send('gate.redemption', 'failure', night(0));
    const [alert] = await alertsOf('gate_fail_rate_high');
    await given.tenant.call('POST', `/alerts/${alert?.id}/resolve`, { body: { reason: 'known' } });
    await given.pass(4 * 3_600);
    await send('gate.redemption', 'failure', night(4));
    expect(await alertsOf('gate_fail_rate_high')).toHaveLength(1);
  });

  test.each([
    ['more than a day later fill history only', 25],
    ['without anything wrong say nothing', 5],
  ])('%s', async (_what, hours) => {
    await send('gate.redemption', hours > 24 ? 'failure' : 'success', night(hours));
    expect(await given.alerts()).toEqual([]);
  });
});

test('a rule whose alert cannot be stored does not stop the alerts of others', async () => {
  const other = given;
  given = await shared.newcomer();
  await given.site('dartmouth');
  await using _poison = await poisonWhere(
    given.house,
    'alerts',
    `new.organization_id = '${other.tenant.id}'`,
  );
  for (const one of [other, given]) {
    const { pool } = one.house.ctx.db;
    const made = await one.tenant.call('POST', '/checks', {
      body: {
        slug: 'web',
        name: 'web',
        kind: 'http',
        config: { url: 'http://127.0.0.1:8080/' },
        interval: '60s',
      },
    });
    await pool.query(`update check_state set status = 'down', since = $2, reason = 'x' where check_id = $1`, [
      made.body.id,
      at(600),
    ]);
  }
  await given.tick();
  expect(await given.alerts()).toHaveLength(1);
  expect(await other.alerts()).toHaveLength(0);
  for (const one of [other, given]) await one.tenant.call('DELETE', '/checks/web');
});

test('a rule that cannot be judged stops no other rule of its kind', async () => {
  const { pool } = given.house.ctx.db;
  await pool.query(`update sites set timezone = 'No/Where' where organization_id = $1`, [given.tenant.id]);
  const other = given;
  given = await shared.newcomer();
  await given.site('dartmouth');
  given.clock.set(new Date(Math.floor(given.clock.now() / 86_400_000) * 86_400_000 + 3 * 3_600_000));
  await given.pass(0);
  for (const one of [other, given])
    await pool.query(
      `insert into event_counts (organization_id, bucket, type, site_id, successes, failures)
       select organization_id, $1, 'sale', id, 3, 0 from sites where organization_id = $2`,
      [at(60), one.tenant.id],
    );
  await given.tick();
  expect(await alertsOf('after_hours_sales')).toHaveLength(1);
  await pool.query(`update sites set timezone = 'UTC' where organization_id = $1`, [other.tenant.id]);
});

test("the upkeep of alerts locks them in the same order as people's actions, so there is no deadlock", async () => {
  const { pool } = given.house.ctx.db;
  const escalation = { escalate_after: 60, escalate_to_channels: [] };
  expect((await given.changeRule('gate_fail_rate_high', { escalation_rules: escalation })).status).toBe(200);
  await given.events('dartmouth', 'gate.redemption', at(0), { failures: 20 });
  await given.events('dartmouth', 'webhook.delivery', at(0), { failures: 50 });
  const [due] = await alertsOf('gate_fail_rate_high');
  const [orphan] = await alertsOf('webhook_failures');
  if (due === undefined || orphan === undefined) throw new Error('two alerts are needed');
  expect(due.id < orphan.id).toBe(true);
  await given.pass(120);
  // The rule is deleted without an event, as when a process dies in between: the upkeep must end its alert.
  await pool.query('delete from rules where organization_id = $1 and type = $2', [
    given.tenant.id,
    'webhook_failures',
  ]);
  const person = new pg.Client({ connectionString: given.house.database.url });
  await person.connect();
  try {
    await person.query('begin');
    await person.query('select from alerts where id = $1 for update', [due.id]);
    const upkeep = Promise.all(
      [tick, escalateDue].map((work) => work(given.house.ctx, AbortSignal.timeout(20_000))),
    );
    await waitFor('the upkeep to wait for the alert in hand', async () => {
      const { rowCount } = await pool.query(
        `select from pg_locks where not granted and locktype = 'transactionid'`,
      );
      return rowCount === 1;
    });
    await person.query('select from alerts where id = $1 for update', [orphan.id]);
    await person.query('commit');
    await upkeep;
  } finally {
    await person.end();
  }
  expect((await alertsOf('webhook_failures'))[0]?.status).toBe('resolved');
});
