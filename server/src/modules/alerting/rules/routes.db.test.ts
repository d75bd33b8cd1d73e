import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';
import { ruleKinds } from '../registry.ts';

let shared: AlertingHouse;
let given: Given;
let other: Given;
beforeAll(async () => {
  shared = await alertingHouse();
  other = await shared.newcomer();
  given = await shared.newcomer();
});
afterAll(() => shared[Symbol.asyncDispose]());

const body = (over: object = {}) => ({
  name: 'Disk nearly full',
  type: 'disk_full',
  kind: 'threshold',
  config: { metric: 'disk_usage', condition: { operator: '>=', threshold: 95, duration: 5 } },
  severity: 'high',
  cooldown: '15m',
  ...over,
});
const lastAudit = async (who: Given, action: string) =>
  (await who.tenant.call('GET', `/audit?action=${action}`)).body.data[0];
const create = async (over: object = {}) => await given.tenant.call('POST', '/rules', { body: body(over) });

describe('an escalation', () => {
  const channelOf = async (who: Given) => {
    const body = { kind: 'console', name: 'Boss', config: {}, escalation_only: true };
    return (await who.tenant.call('POST', '/channels', { body })).body.id;
  };
  const to = (...channels: string[]) => ({
    escalation_rules: { escalate_after: 60, escalate_to_channels: channels },
  });

  test('goes to channels of the organization only', async () => {
    const own = await channelOf(given);
    expect((await create(to(own))).status).toBe(201);
    const foreign = await create(to(own, await channelOf(other)));
    expect(foreign.status).toBe(400);
    expect(foreign.body.errors[0].field).toBe('escalation_rules.escalate_to_channels.1');
  });

  test('to a channel that was deleted since does not stand in the way of another change', async () => {
    const channel = await channelOf(given);
    const rule = (await create(to(channel))).body;
    await given.tenant.call('DELETE', `/channels/${channel}`);
    const change = body({ ...to(channel), enabled: false });
    expect((await given.tenant.call('PUT', `/rules/${rule.id}`, { body: change })).status).toBe(200);
  });
});

test.each(['disk\0usage', 'disk\ud800'])(
  'a config that the database cannot hold is refused',
  async (metric) => {
    const { config } = body();
    const refused = await create({ config: { ...config, metric } });
    expect([refused.status, refused.body.code]).toEqual([400, 'validation_failed']);
    expect(refused.body.errors).toEqual([{ field: 'config', message: expect.stringContaining('in metric') }]);
  },
);

test('a save without a change makes no version, no audit row and no event', async () => {
  const made = (await create()).body;
  const version = async () => {
    const { body } = await given.tenant.call('GET', `/rules/${made.id}`);
    return [body.version, body.revisions.length, body.updated_at];
  };
  const before = await version();
  await given.pass(60);
  const again = await given.tenant.call('PUT', `/rules/${made.id}`, { body: body() });
  expect(again).toMatchObject({ status: 200, headers: { etag: '"1"' }, body: { version: 1 } });
  expect(await version()).toEqual(before);
  const changes = async () =>
    (await given.tenant.call('GET', '/audit?action=rule.updated')).body.data.filter(
      (row: { target: { id: string } }) => row.target.id === made.id,
    );
  expect(await changes()).toHaveLength(0);
  await given.tenant.call('PUT', `/rules/${made.id}`, { body: body({ severity: 'low' }) });
  expect((await version()).slice(0, 2)).toEqual([2, 2]);
  expect(await changes()).toHaveLength(1);
});

describe('how often a rule fired', () => {
  test('is in the list and on the rule: for 7 days, 30 days, and the last time', async () => {
    const who = await shared.newcomer();
    await who.site('dartmouth');
    const id = await who.device('bay-1', 'dartmouth');
    const [rule] = (await who.tenant.call('GET', '/rules?type=device_offline')).body.data;
    expect(rule.fired).toEqual({ last_7_days: 0, last_30_days: 0, last_at: null });
    const daysAgo = (days: number) => new Date(who.clock.now() - days * 86_400_000);
    for (const days of [1, 6, 8, 29, 40]) {
      await who.house.ctx.db.pool.query(
        `insert into alerts (organization_id, id, rule_id, rule_name, kind, type, severity, status, subject, title, why, opened_at, resolved_at)
         values ($1, $2, $3, 'x', 'absence', 'device_offline', 'high', 'resolved', $4, 'x', 'x', $5, $5)`,
        [who.tenant.id, newId(), rule.id, `device:${id}`, daysAgo(days)],
      );
    }
    const fired = { last_7_days: 2, last_30_days: 4, last_at: daysAgo(1).toISOString() };
    const { data } = (await who.tenant.call('GET', '/rules')).body;
    expect(data.find((each: { id: string }) => each.id === rule.id).fired).toEqual(fired);
    expect((await who.tenant.call('GET', `/rules/${rule.id}`)).body.fired).toEqual(fired);
    expect(data.filter((each: { fired: { last_at: unknown } }) => each.fired.last_at !== null)).toHaveLength(
      1,
    );
  });
});

test('the kinds bring templates, and each template makes a rule without changes', async () => {
  const { templates } = (await given.tenant.call('GET', '/rule-kinds')).body;
  expect(templates).toHaveLength(14);
  expect(templates[0]).toMatchObject({ type: 'device_offline', trigger: 'no heartbeat > 2 min' });
  for (const { trigger, ...template } of templates) {
    expect(trigger).not.toMatch(/^\s*$|undefined|NaN|\b0 s\b/);
    expect((await given.tenant.call('POST', '/rules', { body: template })).status).toBe(201);
  }
});

describe('POST /rules', () => {
  test('creates a rule, with defaults filled in, a first revision and an audit row', async () => {
    const created = await create({
      config: { metric: 'disk_usage', condition: { operator: '>=', threshold: null } },
    });
    expect(created).toMatchObject({
      status: 201,
      headers: { etag: '"1"', location: expect.stringContaining('/rules/') },
      body: {
        type: 'disk_full',
        config: { condition: { threshold: null, duration: 0 } },
        effective_config: { condition: { threshold: 90 } },
        trigger: 'disk usage >= 90 %',
        cooldown: 900,
        template: false,
        auto_resolve: true,
        version: 1,
      },
    });
    const read = await given.tenant.call('GET', `/rules/${created.body.id}`);
    expect(read.body.revisions).toMatchObject([
      { version: 1, change: 'created', snapshot: { name: 'Disk nearly full' } },
    ]);
    expect(await lastAudit(given, 'rule.created')).toMatchObject({
      target: { kind: 'rule', id: created.body.id },
      after: { type: 'disk_full' },
    });
  });

  test.each([
    ['an unknown kind', { kind: 'burn_rate' }, 'kind', 'validation_failed'],
    ['a config of another kind', { config: { limit_seconds: 3 } }, 'config.limit_seconds', 'unknown_field'],
    [
      'a wrong operator',
      { config: { metric: 'x', condition: { operator: '=>', threshold: 1 } } },
      'config.condition.operator',
      'validation_failed',
    ],
    [
      'a number as text',
      { config: { metric: 'x', condition: { operator: '>', threshold: '1' } } },
      'config.condition.threshold',
      'validation_failed',
    ],
    ['an unknown field', { colour: 'red' }, 'colour', 'unknown_field'],
    ['a severity of its own', { severity: 'huge' }, 'severity', 'validation_failed'],
    ['a cooldown without end', { cooldown: '400d' }, 'cooldown', 'validation_failed'],
    ['an unknown site', { site: 'nowhere' }, 'site', 'validation_failed'],
    ['an unknown device type', { device_type: 'toaster' }, 'device_type', 'validation_failed'],
    ['a type that is not a single word', { type: 'Disk Full' }, 'type', 'validation_failed'],
    [
      'an escalation to no id',
      { escalation_rules: { escalate_after: 60, escalate_to_channels: ['x'] } },
      'escalation_rules.escalate_to_channels.0',
      'validation_failed',
    ],
    [
      'an escalation after weeks',
      { escalation_rules: { escalate_after: '30d', escalate_to_channels: [] } },
      'escalation_rules.escalate_after',
      'validation_failed',
    ],
    [
      'an escalation to a channel that does not exist',
      { escalation_rules: { escalate_after: 60, escalate_to_channels: [newId()] } },
      'escalation_rules.escalate_to_channels.0',
      'validation_failed',
    ],
  ])('refuses %s and names the field', async (_case, over, field, code) => {
    const answer = await create(over);
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe(code);
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  test('refuses a device type for a rule about events', async () => {
    const refund = { kind: 'spike', config: { event_type: 'refund' }, device_type: 'trackman_pc' };
    expect((await create(refund)).body.errors).toMatchObject([{ field: 'device_type' }]);
  });

  test('is refused to readers and strangers', async () => {
    expect(
      (await given.tenant.call('POST', '/rules', { body: body(), token: given.tenant.readKey })).status,
    ).toBe(403);
    expect((await given.tenant.call('POST', '/rules', { body: body(), token: null })).status).toBe(401);
    expect(
      (await given.tenant.call('POST', '/rules', { body: body(), token: other.tenant.key })).status,
    ).toBe(404);
  });
});

describe('PUT and DELETE /rules/{id}', () => {
  test('replace the settings, keep the history, and audit before and after', async () => {
    const { id } = (await create()).body;
    const put = await given.tenant.call('PUT', `/rules/${id}`, {
      body: body({ severity: 'critical', type: undefined }),
      headers: { 'if-match': '"1"' },
    });
    expect(put).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { severity: 'critical', type: 'disk_full', version: 2 },
    });
    const { revisions } = (await given.tenant.call('GET', `/rules/${id}`)).body;
    expect(revisions).toMatchObject([
      { version: 2, change: 'updated', snapshot: { severity: 'critical' } },
      { version: 1, change: 'created' },
    ]);
    expect(await lastAudit(given, 'rule.updated')).toMatchObject({
      before: { severity: 'high' },
      after: { severity: 'critical' },
    });
  });

  test('refuse a stale If-Match', async () => {
    const { id } = (await create()).body;
    const stale = { 'if-match': '"7"' };
    expect((await given.tenant.call('PUT', `/rules/${id}`, { body: body(), headers: stale })).status).toBe(
      412,
    );
    expect((await given.tenant.call('DELETE', `/rules/${id}`, { headers: stale })).status).toBe(412);
  });

  test('are refused to readers and strangers', async () => {
    const { id } = (await create()).body;
    for (const [method, options] of [
      ['PUT', { body: body() }],
      ['DELETE', {}],
    ] as const) {
      expect(
        (await given.tenant.call(method, `/rules/${id}`, { ...options, token: given.tenant.readKey })).status,
      ).toBe(403);
      expect((await given.tenant.call(method, `/rules/${id}`, { ...options, token: null })).status).toBe(401);
      expect((await other.tenant.call(method, `/rules/${id}`, options)).status).toBe(404);
      expect((await given.tenant.call(method, `/rules/${newId()}`, options)).status).toBe(404);
      expect((await given.tenant.call(method, '/rules/nonsense', options)).status).toBe(404);
    }
    expect((await other.tenant.call('GET', `/rules/${id}`)).status).toBe(404);
  });

  test.each([
    [
      'switched off',
      async (id: string) => await given.changeRule('device_offline', { enabled: false }).then(() => id),
      'The rule was switched off.',
    ],
    [
      'deleted',
      async (id: string) => await given.tenant.call('DELETE', `/rules/${id}`).then(() => id),
      'The rule was deleted.',
    ],
  ])('a rule that is %s resolves its open alerts, with the reason', async (_case, change, reason) => {
    given = await shared.newcomer();
    await given.site('dartmouth');
    await given.device('bay-1', 'dartmouth');
    await given.beat('bay-1', 'dartmouth');
    await given.pass(130);
    await given.tick();
    const [rule] = (await given.tenant.call('GET', '/rules?type=device_offline')).body.data;
    await change(rule.id);
    expect((await given.alerts())[0]).toMatchObject({ status: 'resolved', resolved_reason: reason });
    await given.pass(1000);
    await given.tick();
    expect(await given.alerts()).toHaveLength(1);
  });

  test('a rule for a site is deleted with the site', async () => {
    await given.site('closing');
    const { id } = (await create({ site: 'closing' })).body;
    expect((await given.tenant.call('DELETE', '/sites/closing')).status).toBe(204);
    expect((await given.tenant.call('GET', `/rules/${id}`)).status).toBe(404);
  });
});

describe('GET /rule-kinds', () => {
  test('describes every kind with a schema that a form can be made from', async () => {
    const { status, body: kinds } = await given.tenant.call('GET', '/rule-kinds');
    expect(status).toBe(200);
    const names = kinds.data.map((kind: { kind: string }) => kind.kind);
    expect(names).toEqual(ruleKinds.all.map(({ kind }) => kind));
    // Stored rules have these kinds, so none of them may ever be removed.
    const kept = ['absence', 'after_hours', 'check_failure', 'counter_rate', 'external', 'flapping'];
    expect(names).toEqual(expect.arrayContaining([...kept, 'metric', 'rate', 'spike', 'threshold']));
    for (const kind of kinds.data) expect(kind.schema.additionalProperties).toBe(false);
    expect((await given.tenant.call('GET', '/rule-kinds', { token: null })).status).toBe(401);
  });
});

describe('across tenants: /provider/alerts/rules', () => {
  const path = '/provider/alerts/rules';

  test('creates, lists, replaces and deletes in the named tenant', async () => {
    const { call } = given.house;
    const created = await call('POST', path, { body: { tenant_id: given.tenant.slug, ...body() } });
    expect(created).toMatchObject({ status: 201, body: { tenant_id: given.tenant.slug, type: 'disk_full' } });
    const listed = await call('GET', `${path}?tenant_id=${given.tenant.slug}&type=disk_full`);
    expect(listed.body.data.map((rule: { id: string }) => rule.id)).toContain(created.body.id);
    const put = await call('PUT', `${path}/${created.body.id}`, {
      body: { tenant_id: given.tenant.slug, ...body({ severity: 'low' }) },
    });
    expect(put).toMatchObject({ status: 200, body: { severity: 'low' } });
    expect((await call('DELETE', `${path}/${created.body.id}`)).status).toBe(204);
    expect(await lastAudit(given, 'rule.deleted')).toMatchObject({ target: { id: created.body.id } });
  });

  test('limits a tenant’s key to its own rules', async () => {
    const { call } = given.house;
    const own = (await call('GET', `${path}?limit=500`, { token: given.tenant.key })).body.data;
    expect(new Set(own.map((rule: { tenant_id: string }) => rule.tenant_id))).toEqual(
      new Set([given.tenant.slug]),
    );
    const [foreign] = (await other.tenant.call('GET', '/rules?type=refund_spike')).body.data;
    const options = { token: given.tenant.key };
    expect((await call('GET', `${path}?tenant_id=${other.tenant.slug}`, options)).status).toBe(404);
    expect(
      (await call('POST', path, { ...options, body: { tenant_id: other.tenant.slug, ...body() } })).status,
    ).toBe(404);
    expect((await call('PUT', `${path}/${foreign.id}`, { ...options, body: body() })).status).toBe(404);
    expect((await call('DELETE', `${path}/${foreign.id}`, options)).status).toBe(404);
    expect(
      (await call('POST', path, { token: null, body: { tenant_id: given.tenant.slug, ...body() } })).status,
    ).toBe(401);
    expect((await call('POST', path, { body: body() })).body.errors).toMatchObject([{ field: 'tenant_id' }]);
    expect(
      (await call('PUT', `${path}/${foreign.id}`, { body: { tenant_id: given.tenant.slug, ...body() } }))
        .status,
    ).toBe(400);
  });
});
