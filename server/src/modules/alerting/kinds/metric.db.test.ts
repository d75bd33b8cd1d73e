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
});

const latency = {
  metric_type: 'PERFORMANCE',
  metric_category: 'RESPONSE_TIME',
  metric_name: 'API Response Time',
  unit: 'ms',
  source: 'api-server',
  endpoint: '/api/users',
};
const send = async (...items: object[]) =>
  expect((await given.tenant.call('POST', '/metrics', { body: items })).status).toBeLessThan(300);
async function rule(config: object): Promise<string> {
  const condition = { operator: '>', threshold: 1000, duration: 0 };
  const body = {
    name: 'Slow',
    type: 'slow',
    kind: 'metric',
    cooldown: 0,
    config: { condition, ...config },
  };
  const made = await given.tenant.call('POST', '/rules', { body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id;
}
const subjects = async () => (await given.alerts('&type=slow')).map((alert) => alert.title).sort();

test('a rule by type and category judges each of their series separately, whatever its name', async () => {
  await rule({ metric_type: 'PERFORMANCE', metric_category: 'response_time' });
  await send(
    { ...latency, value: 1500 },
    { ...latency, endpoint: '/api/sales', value: 1500 },
    { ...latency, endpoint: '/api/quick', value: 20 },
    { ...latency, metric_name: 'Page', source: undefined, endpoint: undefined, value: 3000 },
    { ...latency, metric_category: 'QUEUE_TIME', endpoint: '/other-category', value: 9000 },
    { ...latency, metric_type: 'SYSTEM', endpoint: '/other-type', value: 9000 },
  );
  await given.tick();
  expect(await subjects()).toEqual([
    'Response time is high: API Response Time of /api/sales of api-server',
    'Response time is high: API Response Time of /api/users of api-server',
    'Response time is high: Page',
  ]);
  const [first] = await given.alerts('&type=slow&status=open');
  expect(first?.why).toMatch(/ is (1500|3000) ms; the limit is 1000 ms\.$/);

  await given.pass(60);
  await send({ ...latency, value: 200 });
  await given.tick();
  const open = (await given.alerts('&type=slow&status=open')).map((alert) => alert.title);
  expect(open).toHaveLength(2);
  expect(open.join()).not.toContain('/api/users');
});

test.each([
  ['a type alone', { metric_type: 'PERFORMANCE' }, 1],
  ['a category and a source', { metric_category: 'RESPONSE_TIME', source: 'api-server' }, 1],
  ['a category and another source', { metric_category: 'RESPONSE_TIME', source: 'web' }, 0],
  ['a name and its category', { metric: 'API Response Time', metric_category: 'RESPONSE_TIME' }, 1],
  ['a name in another category', { metric: 'API Response Time', metric_category: 'QUEUE_TIME' }, 0],
])('all conditions of a rule about a measurement must match: %s', async (_case, config, alerts) => {
  await rule(config);
  await send({ ...latency, value: 1500 });
  await given.tick();
  expect(await subjects()).toHaveLength(alerts);
});

test('a backtest of a rule by category finds the same series', async () => {
  const id = await rule({ metric_category: 'RESPONSE_TIME' });
  await send({ ...latency, value: 1500 }, { ...latency, metric_category: 'QUEUE_TIME', value: 1500 });
  await given.pass(60);
  const { body } = await given.tenant.call('POST', `/rules/${id}/backtest`, { body: { days: 1 } });
  expect(body.firings).toMatchObject([
    { subject: { name: 'API Response Time of /api/users of api-server' } },
  ]);
});

test.each([
  ['nothing at all', { condition: { operator: '>', threshold: 1 } }, 'config.metric'],
  [
    'a category without a limit',
    { metric_category: 'X', condition: { operator: '>', threshold: null } },
    'config.condition.threshold',
  ],
])('a rule about %s is refused', async (_case, config, field) => {
  const body = { name: 'x', kind: 'metric', config };
  const answer = await given.tenant.call('POST', '/rules', { body });
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
});
