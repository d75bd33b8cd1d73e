import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';

let shared: AlertingHouse;
let given: Given;
beforeAll(async () => {
  shared = await alertingHouse();
  given = await shared.newcomer();
});
afterAll(() => shared[Symbol.asyncDispose]());

async function minutes(source: string, values: readonly number[]): Promise<string[]> {
  for (const value of values) {
    await given.pass(60);
    const body = {
      metric_type: 'SYSTEM',
      metric_category: 'counters',
      metric_name: 'errors_total',
      unit: '',
      value,
      source,
    };
    expect((await given.tenant.call('POST', '/metrics', { body })).status).toBe(202);
    await given.tick();
  }
  return (await given.alerts('&type=errors')).map((alert) => `${alert.title}, ${alert.status}`);
}

test('a counter that grows too fast opens an alert, one that restarts does not, and slower growth resolves', async () => {
  const rule = {
    name: 'Errors',
    type: 'errors',
    kind: 'counter_rate',
    config: { metric: 'errors_total', condition: { operator: '>', threshold: 10 }, window_minutes: 4 },
  };
  const made = await given.tenant.call('POST', '/rules', { body: rule });
  expect(made).toMatchObject({ status: 201, body: { condition: { operator: '>', threshold: 10 } } });
  expect(await minutes('api', [5_000, 5_005, 5_010, 3, 8, 13])).toEqual([]);
  const high = 'Growth of errors_total is high: api';
  expect(await minutes('api', [80, 160])).toEqual([`${high}, open`]);
  const [alert] = await given.alerts('&type=errors');
  expect(alert?.why).toMatch(/^errors_total grew by \d+ in 4 min.* a minute; the limit is 10 a minute\.$/);
  const { body } = await given.tenant.call('POST', `/rules/${made.body.id}/backtest`, { body: { days: 1 } });
  expect(body.firings).toHaveLength(1);
  expect(await minutes('api', [161, 162, 163, 164, 165])).toEqual([`${high}, resolved`]);
});
