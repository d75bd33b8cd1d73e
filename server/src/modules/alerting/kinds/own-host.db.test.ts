import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';

let shared: AlertingHouse;
let given: Given;
beforeAll(async () => {
  shared = await alertingHouse();
  given = await shared.newcomer();
});
afterAll(() => shared[Symbol.asyncDispose]());

/** Ten minutes during which the machine of this name exceeds every default limit. */
async function busy(source: string): Promise<void> {
  for (let minute = 0; minute < 10; minute += 1) {
    await given.pass(60);
    const body = [
      {
        metric_type: 'SYSTEM',
        metric_category: 'host',
        unit: '%',
        metric_name: 'memory_usage',
        value: 99,
        source,
      },
    ];
    const answer = await given.tenant.call('POST', '/metrics', { body });
    expect(answer.status).toBeLessThan(300);
  }
  await given.tick();
}
const sources = async () =>
  (await given.alerts('&type=host_memory_high')).map((alert) => alert.details.source);

test('Watchkeeper’s own machine is not a new installation’s first alert: its default limits wait a day, a chosen limit does not', async () => {
  await given.house.ctx.db.pool.query('update organizations set created_at = $2 where slug = $1', [
    given.tenant.slug,
    new Date(shared.clock.now()),
  ]);
  await busy('watchkeeper@laptop');
  expect(await sources()).toEqual([]);
  await busy('till-server');
  expect(await sources()).toEqual(['till-server']);

  const limit = { metric: 'memory_usage', condition: { operator: '>', threshold: 90, duration: 5 } };
  expect((await given.changeRule('host_memory_high', { config: limit })).status).toBe(200);
  await busy('watchkeeper@laptop');
  expect(await sources()).toContain('watchkeeper@laptop');
});

test('after the first day the default limits apply to it too', async () => {
  given = await shared.newcomer();
  await given.house.ctx.db.pool.query('update organizations set created_at = $2 where slug = $1', [
    given.tenant.slug,
    new Date(shared.clock.now() - 25 * 3_600_000),
  ]);
  await busy('watchkeeper@laptop');
  expect(await sources()).toEqual(['watchkeeper@laptop']);
});
