import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';

let shared: AlertingHouse;
let given: Given;
beforeAll(async () => {
  shared = await alertingHouse();
  given = await shared.newcomer();
  await given.site('north');
  await given.device('till', 'north');
});
afterAll(() => shared[Symbol.asyncDispose]());

test('a maintenance whose end was never announced, because its event was lost for good, gets its report at the next pass', async () => {
  const now = given.clock.now();
  const made = await given.tenant.call('POST', '/maintenance', {
    body: {
      ...{ slug: 'tills', location: 'north', systems: ['till'], reason: 'New till' },
      start_time: new Date(now - 60_000).toISOString(),
      end_time: new Date(now + 3_600_000).toISOString(),
    },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  await given.work();
  await given.pass(60);
  const ended = await given.tenant.call('POST', '/maintenance/tills/end');
  expect(ended.status, JSON.stringify(ended.body)).toBe(200);
  expect(await given.loseEvents('maintenance.')).toBeGreaterThan(0);
  await given.tick();
  const { data } = (await given.tenant.call('GET', '/maintenance/tills/reports')).body;
  expect(data).toMatchObject([{ reported_at: expect.any(String), findings: expect.any(Object) }]);
});
