import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { channelKinds } from '#modules/delivery';
import { type AlertingHouse, alertingHouse, type Given } from '../../alerting/house.fixture.ts';
import { startReceiver } from '../../delivery/receiver.fixture.ts';

let shared: AlertingHouse;
let given: Given;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  shared = await alertingHouse();
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await shared[Symbol.asyncDispose]();
});
beforeEach(async () => {
  given = await shared.newcomer();
});

const channel = async (name: string, kind = 'console', more: object = {}) => {
  const config = kind === 'webhook' ? { url: receiver.url } : {};
  const made = await given.tenant.call('POST', '/channels', { body: { kind, name, config, ...more } });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body;
};
const hot = (more: object = {}) => ({
  name: 'Hot',
  type: 'hot',
  kind: 'metric',
  severity: 'high',
  config: { metric: 'heat', condition: { operator: '>', threshold: 5, duration: 0 } },
  ...more,
});
const rule = (more: object = {}) => given.tenant.call('POST', '/rules', { body: hot(more) });
async function heat(value: number): Promise<void> {
  const body = { metric_type: 'SYSTEM', metric_category: 'x', metric_name: 'heat', unit: '', value };
  expect((await given.tenant.call('POST', '/metrics', { body })).status).toBe(202);
  await given.tick();
}
const ledger = async () => {
  const { data } = (await given.tenant.call('GET', '/notifications?limit=100')).body;
  return data
    .filter((row: { transition: string }) => row.transition === 'opened')
    .map((row: { channel_name: string | null; reason: string | null }) => [row.channel_name, row.reason])
    .sort(([a]: [string | null], [b]: [string | null]) => ((a ?? '~') < (b ?? '~') ? -1 : 1));
};

test('a rule tells only the channels that it names, and the ledger says why the others were not told', async () => {
  await channel('Hook', 'webhook');
  await channel('Screens');
  const made = await rule({ channels: ['WEBHOOK'] });
  expect(made).toMatchObject({ status: 201, body: { channels: ['WEBHOOK'], warnings: [] } });
  await heat(9);
  expect(await ledger()).toEqual([
    ['Hook', null],
    ['Screens', 'The rule tells only WEBHOOK.'],
  ]);
});

test('an unknown channel name is refused with the existing names', async () => {
  await channel('Screens');
  const refused = await rule({ channels: ['Screens', 'Screans'] });
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'channels.1' }] } });
  const kinds = channelKinds.all
    .filter(({ kind }) => kind !== 'console')
    .map(({ kind }) => kind.toUpperCase());
  expect(refused.body.errors[0].message).toBe(
    `there is no channel "Screans". There are "Screens"; ${kinds.join(', ')} mean every channel of that kind, DASHBOARD the console.`,
  );
  const escalation = { escalate_after: 60, escalate_to_channels: ['Boss'] };
  expect((await rule({ escalation_rules: escalation })).body.errors).toMatchObject([
    { field: 'escalation_rules.escalate_to_channels.0' },
  ]);
});

test('a kind without a channel is accepted with a warning, and no alert is lost until there is one', async () => {
  await channel('Screens');
  const made = await rule({
    channels: ['SLACK', 'DASHBOARD'],
    escalation_rules: { escalate_after: '10m', escalate_to_channels: ['webhook'] },
  });
  expect(made.status).toBe(201);
  expect(made.body.warnings).toEqual([
    'There is no channel of the kind SLACK yet. When there is one, it is told.',
    'There is no channel of the kind webhook yet. When there is one, it is told.',
    'Until then, alerts of this rule go to all channels.',
    'Until then, escalations remind the people who were told.',
  ]);
  expect((await given.tenant.call('GET', `/rules/${made.body.id}`)).body.warnings).toHaveLength(4);
  await heat(9);
  expect(await ledger()).toEqual([
    ['Screens', null],
    [null, 'The rule tells channels that do not exist: SLACK; all others stand in.'],
  ]);
});

test('a rule whose only channel was deleted tells all others and says so', async () => {
  const gone = await channel('Night');
  await channel('Hook', 'webhook');
  const made = await rule({ channels: ['Night'] });
  expect((await given.tenant.call('DELETE', `/channels/${gone.id}`)).status).toBe(204);
  expect((await given.tenant.call('GET', `/rules/${made.body.id}`)).body.warnings).toEqual([
    'There is no channel "Night" any more.',
    'Until then, alerts of this rule go to all channels.',
  ]);
  const unrelated = await given.tenant.call('PUT', `/rules/${made.body.id}`, {
    body: hot({ channels: ['Night'], severity: 'critical' }),
  });
  expect(unrelated.status).toBe(200);
  await heat(9);
  expect(await ledger()).toEqual([
    ['Hook', null],
    [null, 'The rule tells channels that do not exist: Night; all others stand in.'],
  ]);
});

test('a rule whose channels are off, or only for escalations, says so', async () => {
  await channel('Night', 'webhook', { enabled: false });
  await channel('Boss', 'webhook', { escalation_only: true });
  const escalation = { escalate_after: 60, escalate_to_channels: ['Boss'] };
  const made = await rule({ channels: ['Night', 'Boss'], escalation_rules: escalation });
  expect(made.body.warnings).toEqual([
    'The channel of "Night" is switched off.',
    'The channel of "Boss" is told only of escalations.',
  ]);
});

test('a renamed channel is told as before, and the rule shows its new name', async () => {
  const night = await channel('Night');
  await channel('Hook', 'webhook');
  const escalation = { escalate_after: 60, escalate_to_channels: ['night'] };
  const made = await rule({ channels: ['NIGHT', night.id], escalation_rules: escalation });
  const renamed = await given.tenant.call('PUT', `/channels/${night.id}`, {
    body: { name: 'Late', config: {} },
  });
  expect(renamed.status).toBe(200);
  const { body } = await given.tenant.call('GET', `/rules/${made.body.id}`);
  expect(body).toMatchObject({
    channels: ['Late', night.id],
    escalation_rules: { escalate_to_channels: ['Late'] },
    version: 2,
    warnings: [],
  });
  await heat(9);
  expect(await ledger()).toEqual([
    ['Hook', 'The rule tells only Late, Late.'],
    ['Late', null],
  ]);
});

test('a channel whose old name goes to another one keeps the rule', async () => {
  const first = await channel('Night');
  await channel('Night', 'webhook');
  const made = await rule({ channels: ['Night'] });
  await given.tenant.call('PUT', `/channels/${first.id}`, { body: { name: 'Late', config: {} } });
  expect((await given.tenant.call('GET', `/rules/${made.body.id}`)).body.channels).toEqual(['Night', 'Late']);
});

test('a file names channels, also those of the same file', async () => {
  const manifest = {
    channels: [{ name: 'Night', kind: 'console', config: {} }],
    rules: [hot({ channels: ['Night', 'DASHBOARD'] })],
  };
  const apply = async () => await given.tenant.call('POST', '/apply', { body: { manifest } });
  const first = await apply();
  expect(first.status, JSON.stringify(first.body)).toBe(200);
  const [made] = (await given.tenant.call('GET', '/rules?type=hot')).body.data;
  expect(made.channels).toEqual(['Night', 'DASHBOARD']);
  const again = await apply();
  expect(again.body.plan.map((step: { action: string }) => step.action)).toEqual(['unchanged', 'unchanged']);
});
