import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AlertingHouse, alertingHouse } from '../house.fixture.ts';

let houses: AlertingHouse;

beforeAll(async () => {
  houses = await alertingHouse();
});
afterAll(() => houses[Symbol.asyncDispose]());

it('a retired device is no longer expected: its alerts end with the reason, and its silence opens none', async () => {
  const given = await houses.newcomer();
  await given.site('north');
  const id = await given.device('old-pc', 'north');
  await given.beat('old-pc', 'north');
  await given.pass(600);
  await given.tick();
  expect(await given.alerts()).toMatchObject([{ type: 'device_offline', status: 'open' }]);

  await given.tenant.call('POST', '/devices/old-pc/retire');
  await given.work();
  expect(await given.alerts('&status=resolved')).toMatchObject([
    { type: 'device_offline', resolved_reason: 'The device was retired.' },
  ]);
  await given.pass(7_200);
  await given.tick();
  expect(await given.alerts('&status=active')).toEqual([]);

  await given.tenant.call('POST', '/devices/old-pc/return');
  await given.work();
  await given.pass(7_200);
  await given.tick();
  // We expect heartbeats again only after its next one.
  expect(await given.alerts('&status=active')).toEqual([]);
  expect(await given.statusOf(id)).toBe('unknown');
  await given.beat('old-pc', 'north');
  await given.pass(600);
  await given.tick();
  expect(await given.alerts('&status=active')).toMatchObject([{ type: 'device_offline' }]);
});
