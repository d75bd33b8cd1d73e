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

const apply = (rules: object[], options: object = {}) =>
  given.tenant.call('POST', '/apply', { body: { manifest: { rules }, ...options } });
const rules = async (query = '') => (await given.tenant.call('GET', `/rules?limit=100${query}`)).body.data;
const disk = {
  type: 'disk_full',
  kind: 'threshold',
  config: { metric: 'disk_usage', condition: { operator: '>=', threshold: 95 } },
  severity: 'high',
};

test('a file changes the rules that it mentions, creates missing ones, and changes nothing the second time', async () => {
  const file = [{ type: 'device_offline', config: { limit_seconds: 45 }, severity: 'critical' }, disk];
  const first = await apply(file);
  expect(first.status).toBe(200);
  expect(first.body.plan).toMatchObject([
    {
      action: 'update',
      kind: 'rule',
      key: 'device_offline',
      changes: [
        { field: 'config', from: { limit_seconds: null }, to: { limit_seconds: 45 } },
        { field: 'severity', from: 'high', to: 'critical' },
      ],
    },
    { action: 'create', kind: 'rule', key: 'disk_full' },
  ]);
  expect((await rules('&type=device_offline'))[0]).toMatchObject({
    name: 'Device offline',
    config: { limit_seconds: 45 },
    severity: 'critical',
    cooldown: 300,
    version: 2,
    template: true,
  });
  expect((await rules('&type=disk_full'))[0]).toMatchObject({
    name: 'disk_full',
    trigger: 'disk usage >= 95 %',
  });
  expect((await apply(file)).body.plan.map((step: { action: string }) => step.action)).toEqual([
    'unchanged',
    'unchanged',
  ]);
});

test.each([
  [
    'in the form of the operations plan',
    {
      metricType: 'PERFORMANCE',
      metricCategory: 'api',
      condition: { operator: '>', threshold: 5000, duration: 5 },
      severity: 'HIGH',
      escalationRules: { escalateAfter: 15, escalateToChannels: [] },
    },
  ],
  [
    'in snake_case',
    {
      metric_type: 'performance',
      metric_category: 'api',
      condition: { operator: '>', threshold: 5000, duration: '5m' },
      severity: 'high',
      escalation_rules: { escalate_after_minutes: 15, escalate_to_channels: [] },
    },
  ],
])('a file takes a rule about measurements %s, and changes it in part', async (_case, words) => {
  const file = [{ type: 'slow_api', name: 'Slow API', ...words }];
  const first = await apply(file);
  expect(first.body).toMatchObject({ plan: [{ action: 'create', key: 'slow_api' }] });
  const [rule] = await rules('&type=slow_api');
  expect(rule).toMatchObject({
    name: 'Slow API',
    kind: 'metric',
    metric_type: 'PERFORMANCE',
    metric_category: 'api',
    condition: { operator: '>', threshold: 5000, duration: 5 },
    severity: 'high',
    escalation_rules: { escalate_after: 900 },
  });
  expect((await apply(file)).body.plan).toMatchObject([{ action: 'unchanged' }]);
  const part = await apply([{ type: 'slow_api', condition: { threshold: 6000 } }]);
  expect(part.body.plan).toMatchObject([{ action: 'update', changes: [{ field: 'config' }] }]);
  expect((await rules('&type=slow_api'))[0].condition).toEqual({
    operator: '>',
    threshold: 6000,
    duration: 5,
  });
  const wrong = await apply([{ type: 'slow_web', condition: { operator: '>' }, metricType: 'PERFORMANCE' }]);
  expect(wrong.status).toBe(400);
  expect(wrong.body.errors[0].field).toBe('manifest.rules.0.condition.threshold');
});

test('a dry run shows the plan and changes nothing; a rule may name a site of the same file', async () => {
  const manifest = {
    sites: [{ slug: 'dartmouth', name: 'Dartmouth', timezone: 'America/Halifax' }],
    rules: [{ ...disk, site: 'dartmouth' }],
  };
  const dry = await given.tenant.call('POST', '/apply', { body: { manifest, dry_run: true } });
  expect(dry.body.plan.map((step: { kind: string; action: string }) => [step.kind, step.action])).toEqual([
    ['site', 'create'],
    ['rule', 'create'],
  ]);
  expect(await rules()).toHaveLength(13);
  expect((await given.tenant.call('POST', '/apply', { body: { manifest } })).status).toBe(200);
  expect((await rules('&type=disk_full'))[0]).toMatchObject({ site: 'dartmouth' });
});

test('only prune deletes rules that the file does not name', async () => {
  expect((await apply([disk])).status).toBe(200);
  expect(await rules()).toHaveLength(14);
  const pruned = await apply([disk, { type: 'device_offline' }], { prune: true });
  expect(pruned.body.plan.filter((step: { action: string }) => step.action === 'delete')).toHaveLength(12);
  expect((await rules()).map((rule: { type: string }) => rule.type)).toEqual(['device_offline', 'disk_full']);
});

test.each([
  ['a new rule without a kind', [{ type: 'disk_full' }], 'manifest.rules.0.kind'],
  ['a type twice', [disk, disk], 'manifest.rules.1.type'],
  [
    'a config its kind does not know',
    [{ type: 'device_offline', config: { limit: 3 } }],
    'manifest.rules.0.config.limit',
  ],
  ['an unknown site', [{ ...disk, site: 'nowhere' }], 'manifest.rules.0.site'],
])('refuses %s and names the place', async (_case, file, field) => {
  const answer = await apply(file);
  expect(answer.status).toBe(400);
  expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
  expect(await rules()).toHaveLength(13);
});

test('needs the permission to write rules', async () => {
  const key = await given.house.call('POST', `/api/v1/${given.tenant.slug}/api-keys`, {
    body: { name: 'inventory', scopes: ['read', 'inventory:write'] },
  });
  const answer = await given.tenant.call('POST', '/apply', {
    body: { manifest: { rules: [disk] } },
    token: key.body.key,
  });
  expect(answer.status).toBe(403);
});
