import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';

let shared: AlertingHouse;
let given: Given;
beforeAll(async () => {
  shared = await alertingHouse();
});
afterAll(() => shared[Symbol.asyncDispose]());
beforeEach(async () => {
  given = await shared.newcomer();
  await given.site('dartmouth', 'America/Halifax');
  await given.site('halifax', 'America/Halifax');
});

const minutesAgo = (minutes: number) => new Date(given.clock.now() - minutes * 60_000);
const open = (type: string) => given.alerts(`&status=active&type=${type}`);

describe('gate failures above 10 % in 60 min', () => {
  const type = 'gate_fail_rate_high';
  const redeem = (successes: number, failures: number, ago = 0, site = 'dartmouth') =>
    given.events(site, 'gate.redemption', minutesAgo(ago), { successes, failures });

  test('fire on arrival at the site where they happen, and resolve when normal', async () => {
    await redeem(40, 0, 10);
    await redeem(40, 0, 10, 'halifax');
    expect(await open(type)).toEqual([]);
    await redeem(0, 5);
    const [alert] = await open(type);
    expect(alert).toMatchObject({
      store_id: 'dartmouth',
      severity: 'medium',
      title: 'Gate redemption failures are high at dartmouth',
      why: '5 of 45 gate redemptions failed in the last 1 h: 11.1 %; the limit is 10 % (judged from 10 events on).',
    });
    await redeem(20, 0);
    expect((await given.alerts())[0]).toMatchObject({
      id: alert?.id,
      status: 'resolved',
      resolved_by: 'Watchkeeper',
    });
  });

  test('are not judged when they are too few, even when all failed', async () => {
    await redeem(0, 9);
    await given.tick();
    expect(await given.alerts()).toEqual([]);
    await redeem(0, 1);
    expect(await open(type)).toHaveLength(1);
  });

  test('are not resolved by an empty window', async () => {
    await redeem(5, 5);
    await given.pass(7200);
    await given.tick();
    expect(await open(type)).toHaveLength(1);
    await redeem(9, 0);
    expect(await open(type)).toHaveLength(1);
    await redeem(1, 0);
    expect(await open(type)).toEqual([]);
  });

  test('do not count when they are older than the window, or of a clock ahead of ours', async () => {
    await redeem(0, 50, 60);
    await redeem(0, 50, -5);
    await given.tick();
    expect(await given.alerts()).toEqual([]);
    await given.pass(300);
    await given.tick();
    expect(await open(type)).toHaveLength(1);
  });

  test('of one tenant do not count for another', async () => {
    const other = given;
    await redeem(0, 50);
    given = await shared.newcomer();
    await given.site('dartmouth');
    await given.tick();
    expect(await given.alerts()).toEqual([]);
    expect(await other.alerts('&status=active')).toHaveLength(1);
  });
});

describe('webhook failures above 20 % in 30 min', () => {
  test('are added up over all sites by a rule per organization', async () => {
    const config = {
      event_type: 'webhook.delivery',
      threshold_percent: 20,
      window_minutes: 30,
      per: 'organization',
    };
    expect((await given.changeRule('webhook_failures', { config })).status).toBe(200);
    await given.events('dartmouth', 'webhook.delivery', minutesAgo(1), { successes: 5, failures: 1 });
    await given.events('halifax', 'webhook.delivery', minutesAgo(1), { successes: 3, failures: 1 });
    expect(await given.alerts()).toEqual([]);
    await given.events('halifax', 'webhook.delivery', minutesAgo(0), { failures: 1 });
    expect((await open('webhook_failures'))[0]).toMatchObject({
      store_id: null,
      details: { samples: 11, matching: 3 },
    });
  });
});

describe('refunds above three times the median', () => {
  const refunds = (count: number, ago: number) =>
    given.events('dartmouth', 'refund', minutesAgo(ago), { successes: count });

  test('are not judged at a young site without a baseline', async () => {
    await refunds(50, 5);
    await given.tick();
    expect(await given.alerts()).toEqual([]);
  });

  test('fire against the median of the hours with refunds, and stay until a person resolves', async () => {
    for (const [hours, count] of [
      [2, 2],
      [26, 3],
      [50, 2],
      [74, 90],
      [98, 3],
    ] as const)
      await refunds(count, hours * 60);
    await refunds(9, 5);
    expect(await given.alerts()).toEqual([]);
    await refunds(1, 0);
    const [alert] = await open('refund_spike');
    expect(alert).toMatchObject({
      store_id: 'dartmouth',
      severity: 'medium',
      details: { count: 10, median_per_hour: 3, limit: 9, baseline_hours: 5 },
    });
    await given.pass(7200);
    await refunds(1, 0);
    await given.tick();
    expect(await open('refund_spike')).toHaveLength(1);
    expect(
      (await given.tenant.call('POST', `/alerts/${alert?.id}/resolve`, { body: { reason: 'stock-taking' } }))
        .status,
    ).toBe(200);
    expect(await open('refund_spike')).toEqual([]);
  });

  test('fire on the minimum at a site that has worked for a day without any', async () => {
    await given.events('dartmouth', 'sale', minutesAgo(26 * 60), { successes: 3 });
    await refunds(4, 5);
    expect(await given.alerts()).toEqual([]);
    await refunds(1, 0);
    expect((await open('refund_spike'))[0]?.details).toMatchObject({
      count: 5,
      median_per_hour: 0,
      baseline_hours: 0,
    });
  });

  test('fire again after the cooldown, not before, when a person resolves while it still holds', async () => {
    await given.events('dartmouth', 'sale', minutesAgo(26 * 60), { successes: 3 });
    await refunds(8, 0);
    const [alert] = await open('refund_spike');
    await given.tenant.call('POST', `/alerts/${alert?.id}/resolve`, { body: { reason: 'looked at' } });
    await given.pass(1799);
    await given.tick();
    expect(await open('refund_spike')).toEqual([]);
    await given.pass(1);
    await given.tick();
    expect(await open('refund_spike')).toHaveLength(1);
  });
});

describe('sales after hours', () => {
  const sale = (site: string, ago = 0) => given.events(site, 'sale', minutesAgo(ago), { successes: 1 });

  test('fire outside 09:00-22:00 site time and stay until a person resolves', async () => {
    // Noon UTC is 08:00 in Halifax in winter time, 09:00 in summer time.
    given.clock.set(new Date('2026-03-07T12:00:00Z'));
    await given.pass(0);
    await sale('dartmouth');
    expect((await open('after_hours_sales'))[0]).toMatchObject({
      severity: 'low',
      store_id: 'dartmouth',
      why: '1 sale outside 09:00-22:00 site time, at 08:00 on Sat 7 Mar (America/Halifax).',
    });
    await given.pass(7200);
    await sale('dartmouth');
    expect(await open('after_hours_sales')).toHaveLength(1);
  });

  test('do not fire at the same UTC time after the clocks have changed', async () => {
    given.clock.set(new Date('2026-03-08T12:00:00Z'));
    await given.pass(0);
    await sale('dartmouth');
    expect(await given.alerts()).toEqual([]);
  });

  test("are judged by the site's own opening hours when it has some", async () => {
    given.clock.set(new Date('2026-03-07T12:30:00Z'));
    await given.pass(0);
    await given.site('early', 'America/Halifax', {
      opening_hours: { saturday: [{ open: '06:00', close: '09:00' }] },
    });
    await sale('early');
    expect(await given.alerts()).toEqual([]);
    await given.pass(3600);
    await sale('early');
    expect((await open('after_hours_sales'))[0]?.why).toBe(
      '1 sale outside the opening hours of the site, at 09:30 on Sat 7 Mar (America/Halifax).',
    );
  });
});

test('detection reads what was counted while no worker ran', async () => {
  const { pool } = given.house.ctx.db;
  await pool.query(
    `insert into event_counts (organization_id, bucket, type, site_id, failures)
     select organization_id, date_trunc('minute', $2::timestamptz), 'gate.redemption', id, 30 from sites where organization_id = $1`,
    [given.tenant.id, minutesAgo(3)],
  );
  await given.tick();
  expect((await open('gate_fail_rate_high')).map((alert) => alert.store_id).sort()).toEqual([
    'dartmouth',
    'halifax',
  ]);
});
