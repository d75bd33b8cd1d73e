import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { poisonWhere } from '../../../../../test/support/poison.ts';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';
import { seedMissingRules, seedRules } from './seed-rules.ts';

let shared: AlertingHouse;
let given: Given;
beforeAll(async () => {
  shared = await alertingHouse();
  given = await shared.newcomer();
});
afterAll(() => shared[Symbol.asyncDispose]());

describe('the rules an organization starts with', () => {
  test('are the seven of the fleet, the one of checks and those of measurements, each with its meaning in words', async () => {
    const { data } = (await given.tenant.call('GET', '/rules')).body;
    expect(data.map((rule: { type: string; template: boolean }) => [rule.type, rule.template])).toEqual(
      [
        'device_offline',
        'gate_fail_rate_high',
        'sync_lag_high',
        'reprint_spike',
        'refund_spike',
        'after_hours_sales',
        'webhook_failures',
        'check_failure',
        'host_cpu_high',
        'host_memory_high',
        'host_disk_high',
        'response_time_high',
        'error_rate_high',
      ].map((type) => [type, true]),
    );
    expect(data[0]).toMatchObject({
      kind: 'absence',
      config: { limit_seconds: null },
      effective_config: { limit_seconds: 120 },
      trigger: 'no heartbeat > 2 min',
      severity: 'high',
      auto_resolve: true,
      cooldown: 300,
      enabled: true,
      tenant_id: given.tenant.slug,
    });
  });

  test('are added once: a deleted one stays deleted', async () => {
    given = await shared.newcomer();
    const [rule] = (await given.tenant.call('GET', '/rules?type=refund_spike')).body.data;
    expect((await given.tenant.call('DELETE', `/rules/${rule.id}`)).status).toBe(204);
    const { ctx } = given.house;
    await ctx.db.system((tx) => seedRules(ctx, tx, given.tenant.id));
    await seedMissingRules(ctx);
    expect((await given.tenant.call('GET', '/rules')).body.data).toHaveLength(12);
  });

  test('are added within a minute where they are missing; one organization where this fails does not stop the others', async () => {
    const unlucky = await shared.newcomer();
    given = await shared.newcomer();
    for (const { tenant, house } of [unlucky, given])
      for (const table of ['rules', 'rule_revisions'])
        await house.ctx.db.pool.query(`delete from ${table} where organization_id = $1`, [tenant.id]);
    await using _poison = await poisonWhere(
      given.house,
      'rules',
      `new.organization_id = '${unlucky.tenant.id}'`,
    );
    await given.pass(61);
    await given.work();
    expect((await given.tenant.call('GET', '/rules')).body.data).toHaveLength(13);
    expect((await unlucky.tenant.call('GET', '/rules')).body.data).toEqual([]);
  });
});
