import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { type Tenant, testTenant } from '../../../../../test/support/tenants.ts';
import { ruleEscalations } from './rule-escalations.ts';

let house: TestApp;
let acme: Tenant;
let tenants = 0;
beforeAll(async () => {
  house = await testApp();
});
afterAll(() => house.close());
beforeEach(async () => {
  tenants += 1;
  acme = await testTenant(house, `acme-${tenants}`);
});

const hot = {
  name: 'Hot',
  kind: 'metric',
  config: { metric: 'heat', condition: { operator: '>', threshold: 5, duration: 0 } },
};
const addRule = async (more: object = {}) => {
  const made = await acme.call('POST', '/rules', { body: { ...hot, ...more } });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body;
};
const addChannel = async (name: string) =>
  (await acme.call('POST', '/channels', { body: { kind: 'console', name, config: {} } })).body;
const policies = async () =>
  (
    await house.ctx.db.pool.query(
      'select rule_id, name, levels from escalation_policies where organization_id = $1 order by created_at',
      [acme.id],
    )
  ).rows;
const audited = async () =>
  (await acme.call('GET', '/audit?limit=100')).body.data.filter((row: { action: string }) =>
    row.action.startsWith('rule.'),
  );

test('the escalation of a rule is the one level of a policy of its own, for as long as the rule has one', async () => {
  const rule = await addRule({ escalationRules: { escalateAfter: 5, escalateToChannels: ['DASHBOARD'] } });
  expect(rule.escalation_rules).toEqual({
    escalate_after: 300,
    escalate_after_minutes: 5,
    escalate_to_channels: ['DASHBOARD'],
  });
  const levels = [{ after_seconds: 300, channels: ['DASHBOARD'] }];
  expect(await policies()).toEqual([{ rule_id: rule.id, name: 'Hot', levels }]);

  const renamed = await acme.call('PUT', `/rules/${rule.id}`, { body: { name: 'Too hot' } });
  expect(renamed.body.escalation_rules).toEqual(rule.escalation_rules);
  expect(await policies()).toEqual([{ rule_id: rule.id, name: 'Too hot', levels }]);

  const none = await acme.call('PUT', `/rules/${rule.id}`, { body: { escalation_rules: null } });
  expect(none.body.escalation_rules).toBeNull();
  expect(await policies()).toEqual([]);
  expect(await addRule()).toMatchObject({ escalation_rules: null });
});

test('a policy goes with its rule', async () => {
  const rule = await addRule({ escalation_rules: { escalate_after: '5m', escalate_to_channels: [] } });
  expect(await policies()).toHaveLength(1);
  expect((await acme.call('DELETE', `/rules/${rule.id}`)).status).toBe(204);
  expect(await policies()).toEqual([]);
});

test('a rule and its policy are written together or not at all', async () => {
  const rule = await addRule({ escalation_rules: { escalate_after: '5m', escalate_to_channels: [] } });
  const before = await policies();
  const change = {
    name: 'New',
    escalation_rules: { escalate_after: '9m', escalate_to_channels: ['Nobody'] },
  };
  const refused = await acme.call('PUT', `/rules/${rule.id}`, { body: change });
  expect(refused).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'escalation_rules.escalate_to_channels.0' }] },
  });
  expect(await policies()).toEqual(before);
  expect((await acme.call('GET', `/rules/${rule.id}`)).body).toMatchObject({ name: 'Hot', version: 1 });
});

test('a change of the escalation alone is a version of the rule, audited with what it was before', async () => {
  const rule = await addRule({ escalation_rules: { escalate_after: '5m', escalate_to_channels: [] } });
  const change = { escalation_rules: { escalate_after: '9m' } };
  expect((await acme.call('PUT', `/rules/${rule.id}`, { body: change })).body.version).toBe(2);
  expect((await acme.call('PUT', `/rules/${rule.id}`, { body: change })).body.version, 'no change').toBe(2);
  const [latest, first] = await audited();
  expect(first.action).toBe('rule.created');
  expect(latest).toMatchObject({ action: 'rule.updated', target: { id: rule.id } });
  const { revisions } = (await acme.call('GET', `/rules/${rule.id}`)).body;
  expect(revisions.map((one: { snapshot: object }) => one.snapshot)).toMatchObject([
    { escalation_rules: { escalate_after: 540, escalate_to_channels: [] } },
    { escalation_rules: { escalate_after: 300, escalate_to_channels: [] } },
  ]);
});

test('a channel that gets another name is escalated to as before, as a version of the rule', async () => {
  const boss = await addChannel('Boss');
  const rule = await addRule({ escalation_rules: { escalate_after: '5m', escalate_to_channels: ['boss'] } });
  const { status } = await acme.call('PUT', `/channels/${boss.id}`, {
    body: { kind: 'console', name: 'Chief', config: {} },
  });
  expect(status).toBe(200);
  expect(await policies()).toMatchObject([{ levels: [{ after_seconds: 300, channels: ['Chief'] }] }]);
  expect((await acme.call('GET', `/rules/${rule.id}`)).body).toMatchObject({
    version: 2,
    escalation_rules: { escalate_to_channels: ['Chief'] },
  });
});

test('one organization neither sees nor changes the policies of another', async () => {
  const rule = await addRule({ escalation_rules: { escalate_after: '5m', escalate_to_channels: [] } });
  const other = await testTenant(house, `other-${tenants}`);
  const found = await house.ctx.db.tenant(other.id, async (tx) => {
    await ruleEscalations.save(tx, { id: rule.id, organizationId: other.id, name: 'x' }, null, new Date());
    return await ruleEscalations.read(tx, [rule.id]);
  });
  expect([...found]).toEqual([]);
  expect(await policies()).toHaveLength(1);
});
