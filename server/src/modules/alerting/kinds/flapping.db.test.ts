import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
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
});

const rule = async (config: object = {}) => {
  const body = { name: 'Flapping', type: 'flaps', kind: 'flapping', config: { transitions: 4, ...config } };
  const made = await given.tenant.call('POST', '/rules', { body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id;
};
const flaps = async () => (await given.alerts('&type=flaps')).map((alert) => [alert.title, alert.status]);
/** The device is silent for longer than its limit, then comes back. */
async function fallsSilent(device: string, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await given.pass(130);
    await given.tick();
    await given.beat(device, 'dartmouth');
    await given.work();
    await given.tick();
  }
}

test('a device that comes and goes is flapping, and calm again after the same time', async () => {
  await given.device('bay-1', 'dartmouth');
  await given.device('bay-2', 'dartmouth');
  await given.beat('bay-1', 'dartmouth');
  await given.beat('bay-2', 'dartmouth');
  const id = await rule();
  await fallsSilent('bay-1', 1);
  expect(await flaps()).toEqual([]);
  await fallsSilent('bay-1', 1);
  expect(await flaps()).toEqual([['bay-1 is flapping', 'open']]);
  const [alert] = await given.alerts('&type=flaps');
  expect(alert).toMatchObject({ device_id: 'bay-1', store_id: 'dartmouth', details: { transitions: 4 } });
  expect(alert?.why).toMatch(/^It changed between offline and online 4 times in the last 1 h/);
  const { body } = await given.tenant.call('POST', `/rules/${id}/backtest`, { body: { days: 1 } });
  expect(body.firings).toMatchObject([{ subject: { name: 'bay-1' } }]);

  for (let minute = 0; minute < 70; minute += 1) {
    await given.pass(60);
    await given.beat('bay-1', 'dartmouth');
  }
  await given.tick();
  expect(await flaps()).toEqual([['bay-1 is flapping', 'resolved']]);
});

test('a rule about checks counts their changes and ignores devices', async () => {
  // The tenant's key may not write checks, so the server does.
  const { status, body: check } = await given.house.call('POST', `/api/v1/${given.tenant.slug}/checks`, {
    body: { slug: 'door', name: 'Door', kind: 'ping', config: { period: 300 } },
  });
  expect(status, JSON.stringify(check)).toBe(201);
  await rule({ watch: 'checks' });
  const result = async (minutesAgo: number, status: string) =>
    await given.house.ctx.db.pool.query(
      `insert into check_results (at, organization_id, check_id, outcome, status, attempts, reason)
       values ($1, $2, $3, 'ok', $4, 1, 'x')`,
      [new Date(given.clock.now() - minutesAgo * 60_000), given.tenant.id, check.id, status],
    );
  await result(70, 'up');
  for (const [index, status] of ['down', 'up', 'unknown', 'up'].entries()) await result(40 - index, status);
  await given.tick();
  expect(await flaps()).toEqual([]);
  for (const [index, status] of ['down', 'up'].entries()) await result(20 - index, status);
  await given.tick();
  expect(await flaps()).toEqual([['Door is flapping', 'open']]);
});
