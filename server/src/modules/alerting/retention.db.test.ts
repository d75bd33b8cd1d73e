import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlertingHouse, alertingHouse } from './house.fixture.ts';
import { purgeAlerts } from './retention.ts';

let shared: AlertingHouse;
beforeAll(async () => {
  shared = await alertingHouse({ ALERTS_RETENTION_DAYS: '90' });
});
afterAll(() => shared[Symbol.asyncDispose]());

test('resolved alerts and their timeline are deleted after ALERTS_RETENTION_DAYS; open ones stay at any age', async () => {
  const given = await shared.newcomer();
  await given.site('dartmouth');
  for (const slug of ['old', 'stuck']) {
    await given.device(slug, 'dartmouth');
    await given.beat(slug, 'dartmouth');
  }
  await given.pass(130);
  await given.tick();
  await given.beat('old', 'dartmouth');
  await given.work();
  expect((await given.alerts()).map((alert) => [alert.device_id, alert.status]).sort()).toEqual([
    ['old', 'resolved'],
    ['stuck', 'open'],
  ]);
  const purge = () => purgeAlerts(given.house.ctx, AbortSignal.timeout(10_000));
  const transitions = async () => {
    const { rows } = await given.house.ctx.db.pool.query(
      'select kind from alert_transitions where organization_id = $1',
      [given.tenant.id],
    );
    return rows.length;
  };
  await given.pass(90 * 86_400);
  await purge();
  expect(await transitions()).toBe(3);
  await given.pass(1);
  await purge();
  expect((await given.alerts()).map((alert) => alert.device_id)).toEqual(['stuck']);
  expect(await transitions()).toBe(1);
});
