import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { waitFor } from '../../../../../test/support/wait-for.ts';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';

let shared: AlertingHouse;
let given: Given;
beforeAll(async () => {
  shared = await alertingHouse();
});
afterAll(() => shared[Symbol.asyncDispose]());
beforeEach(async () => {
  given = await shared.newcomer();
  await given.site('dartmouth');
  await given.device('till-1', 'dartmouth');
  await given.beat('till-1', 'dartmouth', { sync_lag_sec: 1 });
  await given.work();
});

const open = (type = 'sync_lag_high') => given.alerts(`&status=active&type=${type}`);
const beat = async (values: object) => {
  await given.pass(30);
  await given.beat('till-1', 'dartmouth', values);
  await given.work();
};
/** The arrival check reads the rules again when it hears of a change. Until then only the tick judges. */
const flagged = (values: object) =>
  waitFor('the arrival check to know the rule', async () => {
    await beat(values);
    return (await given.alerts('&status=active')).length > 0;
  });

describe('sync lag above 90 s', () => {
  test('fires on arrival, without a tick, and resolves with the first normal value', async () => {
    await flagged({ sync_lag_sec: 125 });
    const [alert] = await open();
    expect(alert).toMatchObject({
      severity: 'medium',
      title: 'Sync lag is high on till-1',
      why: 'Sync lag is 2 min 5 s; the limit is 1 min 30 s.',
      details: { metric: 'sync_lag_sec', value: 125, operator: '>', threshold: 90 },
    });
    await beat({ sync_lag_sec: 90 });
    expect((await given.alerts())[0]).toMatchObject({ id: alert?.id, status: 'resolved' });
  });

  test('is not resolved when the value stops coming', async () => {
    await flagged({ sync_lag_sec: 125 });
    await beat({});
    expect(await open()).toHaveLength(1);
    await given.pass(3600);
    await given.tick();
    expect(await open()).toHaveLength(1);
  });

  test('is found by the tick when no arrival was flagged', async () => {
    await given.house.ctx.db.pool.query(
      'update device_state set sync_lag_sec = 500 where organization_id = $1',
      [given.tenant.id],
    );
    await given.tick();
    expect(await open()).toHaveLength(1);
  });

  test('does not fire again within its cooldown of 10 min', async () => {
    await flagged({ sync_lag_sec: 125 });
    await beat({ sync_lag_sec: 0 });
    await beat({ sync_lag_sec: 125 });
    await given.tick();
    expect(await open()).toEqual([]);
    await given.pass(540);
    await beat({ sync_lag_sec: 125 });
    await given.tick();
    expect(await open()).toHaveLength(1);
  });
});

describe('a rule of one’s own', () => {
  const rule = (condition: object, metric = 'ball_count') => ({
    body: { type: 'balls_low', name: 'Balls', kind: 'threshold', config: { metric, condition } },
  });

  test('can watch a number in metrics{}', async () => {
    expect((await given.tenant.call('POST', '/rules', rule({ operator: '<', threshold: 10 }))).status).toBe(
      201,
    );
    await flagged({ metrics: { ball_count: 3 } });
    expect((await open('balls_low'))[0]?.why).toBe('ball_count is 3; the lower limit is 10.');
    await beat({ metrics: { ball_count: 10 } });
    expect(await open('balls_low')).toEqual([]);
  });

  test('with a duration waits, survives a restart of detection, and fires on time in a tick', async () => {
    expect(
      (await given.tenant.call('POST', '/rules', rule({ operator: '<', threshold: 10, duration: 2 }))).status,
    ).toBe(201);
    await beat({ metrics: { ball_count: 3 } });
    await given.tick();
    for (let round = 0; round < 3; round += 1) await beat({ metrics: { ball_count: 3 } });
    await given.tick();
    expect(await given.alerts()).toEqual([]);
    await beat({ metrics: { ball_count: 3 } });
    await given.tick();
    expect((await open('balls_low'))[0]?.why).toBe(
      'ball_count is 3, below 10 for 2 min; the rule waits for 2 min.',
    );
  });

  test('with a duration starts again after a normal value and after a gap', async () => {
    expect(
      (await given.tenant.call('POST', '/rules', rule({ operator: '<', threshold: 10, duration: 2 }))).status,
    ).toBe(201);
    await beat({ metrics: { ball_count: 3 } });
    await given.tick();
    await given.pass(60);
    await beat({ metrics: { ball_count: 50 } });
    await beat({ metrics: { ball_count: 3 } });
    await given.tick();
    await given.pass(600);
    await beat({ metrics: { ball_count: 3 } });
    await given.tick();
    expect(await open('balls_low')).toEqual([]);
  });

  const metrics = (values: object) => beat({ metrics: { ball_count: 3, queue: 90, ...values } });
  const waiting = { operator: '<', threshold: 10, duration: 5 };
  const begin = async () => {
    const { status, body } = await given.tenant.call('POST', '/rules', rule(waiting));
    expect(status).toBe(201);
    await metrics({});
    await given.tick();
    for (let round = 0; round < 6; round += 1) await metrics({});
    await given.tick();
    expect(await open('balls_low')).toEqual([]);
    return async (config: object) =>
      expect((await given.tenant.call('PUT', `/rules/${body.id}`, { body: { config } })).status).toBe(200);
  };

  test.each([
    ['another metric', { metric: 'queue', condition: { ...waiting, operator: '>' } }],
    ['another limit', { metric: 'ball_count', condition: { ...waiting, threshold: 4 } }],
    ['another operator', { metric: 'ball_count', condition: { ...waiting, operator: '!=' } }],
  ])('that gets %s starts to wait again for its new condition', async (_change, config) => {
    const change = await begin();
    await change(config);
    for (let round = 0; round < 5; round += 1) await metrics({});
    await given.tick();
    expect(await open('balls_low')).toEqual([]);
    for (let round = 0; round < 8; round += 1) await metrics({});
    await given.tick();
    expect(await open('balls_low')).toHaveLength(1);
  });

  test('that gets a shorter duration counts the time that has passed', async () => {
    const change = await begin();
    await change({ metric: 'ball_count', condition: { ...waiting, duration: 2 } });
    await given.tick();
    expect(await open('balls_low')).toHaveLength(1);
  });

  test('that waits for a value that is no longer reported forgets it', async () => {
    const change = await begin();
    await change({ metric: 'gone', condition: waiting });
    await given.tick();
    const { rows } = await given.house.ctx.db.pool.query(
      'select from rule_pending where organization_id = $1',
      [given.tenant.id],
    );
    expect(rows).toEqual([]);
  });
});
