import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { migrateDown, migrateUp } from '#platform/db/migrate';
import { testApp } from '../../../../../test/support/app.ts';
import { type AlertingHouse, alertingHouse, type Given } from '../../alerting/house.fixture.ts';
import { escalateDue } from './escalate-due.ts';

/** The release before keeps the escalation in a column of the rule, and its detection tick acts on it. */

const migration = '0049_escalation_policies';
const fiveMinutes = { escalate_after: 300, escalate_to_channels: ['DASHBOARD'] };
const tenMinutes = { escalate_after: 600, escalate_to_channels: [] };

let shared: AlertingHouse;
let given: Given;
let older: pg.Client;
beforeAll(async () => {
  shared = await alertingHouse();
  older = new pg.Client({ connectionString: shared.house.database.url });
  await older.connect();
});
afterAll(async () => {
  await older.end();
  await shared[Symbol.asyncDispose]();
});
beforeEach(async () => {
  given = await shared.newcomer();
  await given.site('dartmouth');
});

const escalate = (ctx = given.house.ctx) => escalateDue(ctx, AbortSignal.timeout(60_000));

async function silentDevices(count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) {
    await given.device(`bay-${n}`, 'dartmouth');
    await given.beat(`bay-${n}`, 'dartmouth');
  }
  await given.pass(130);
  await given.tick();
  expect(await given.alerts()).toHaveLength(count);
}

/** The escalation of a rule: by the API of this release, in the column of the release before, and in the policy. */
async function escalationOf(type: string): Promise<{ api: object | null; column: object; levels: object }> {
  const [rule] = (await given.tenant.call('GET', `/rules?type=${type}`)).body.data;
  const { rows } = await older.query(
    `select r.escalation as column, p.levels from rules r left join escalation_policies p on p.rule_id = r.id
     where r.id = $1`,
    [rule.id],
  );
  const { escalate_after_minutes: _, ...api } = rule.escalation_rules ?? {};
  return { ...rows[0], api: rule.escalation_rules === null ? null : api };
}

const same = (escalation: typeof fiveMinutes | typeof tenMinutes) => ({
  api: escalation,
  column: escalation,
  levels: [{ after_seconds: escalation.escalate_after, channels: escalation.escalate_to_channels }],
});
const nothing = { api: null, column: null, levels: null };

/** As the rules of the release before are written: with all their columns, under the role of a tenant. */
async function olderWrites(type: string, escalation: object | null): Promise<void> {
  await older.query('begin');
  await older.query('set local role watchkeeper_tenant');
  await older.query("select set_config('watchkeeper.organization_id', $1, true)", [given.tenant.id]);
  await older.query(
    'update rules set name = name, escalation = $2::jsonb, version = version + 1 where type = $1',
    [type, escalation === null ? null : JSON.stringify(escalation)],
  );
  await older.query('commit');
}

/** As the tick of the release before escalates: it finds what is due, holds the alerts, and looks once more. */
async function olderTick(): Promise<void> {
  const now = new Date(given.clock.now());
  await older.query('begin');
  const due = await older.query(
    `select a.id from rules r join alerts a on a.organization_id = r.organization_id and a.rule_id = r.id
     where r.escalation is not null and a.status = 'open' and a.escalated_at is null and a.suppressed_by is null
       and a.opened_at <= $1::timestamptz - make_interval(secs => (r.escalation->>'escalate_after')::float8) order by a.id`,
    [now],
  );
  const ids = due.rows.map((row) => row.id);
  const held = await older.query(
    'select id, status, escalated_at from alerts where id = any($1::uuid[]) order by id for update',
    [ids],
  );
  const open = held.rows.filter((row) => row.status === 'open' && row.escalated_at === null);
  const mine = open.map((row) => row.id);
  await older.query('update alerts set escalated_at = $2, version = version + 1 where id = any($1::uuid[])', [
    mine,
    now,
  ]);
  await older.query(
    `insert into alert_transitions (organization_id, id, alert_id, at, kind, actor_kind, actor_id, actor_name, why, details)
     select organization_id, gen_random_uuid(), id, $2, 'escalated', 'system', 'detection', 'Watchkeeper', 'Nobody came.',
       '{"escalate_to_channels": []}' from alerts where id = any($1::uuid[])`,
    [mine, now],
  );
  await older.query('commit');
}

async function escalations(): Promise<number[]> {
  const { rows } = await older.query(
    `select count(t.id)::int as n from alerts a left join alert_transitions t on t.alert_id = a.id and t.kind = 'escalated'
     where a.organization_id = $1 group by a.id`,
    [given.tenant.id],
  );
  return rows.map((row) => row.n);
}

async function goDown(): Promise<void> {
  for (;;) {
    const [name] = await migrateDown(shared.house.database.url);
    if (name === migration || name === undefined) break;
  }
}

test('what the release before escalates is a policy after the migration, and alerts that were open escalate once', async () => {
  await silentDevices(3);
  await goDown();
  await olderWrites('device_offline', fiveMinutes);
  await migrateUp(shared.house.database.url);
  expect(await escalationOf('device_offline')).toEqual(same(fiveMinutes));
  await given.pass(300);
  await Promise.all([olderTick(), escalate()]);
  await Promise.all([escalate(), olderTick()]);
  expect(await escalations()).toEqual([1, 1, 1]);
});

test('an alert that the release before escalated does not escalate again, and one that it left does', async () => {
  await silentDevices(1);
  await olderWrites('device_offline', fiveMinutes);
  await given.pass(300);
  await olderTick();
  expect(await escalations()).toEqual([1]);
  await given.device('late', 'dartmouth');
  await given.beat('late', 'dartmouth');
  await given.pass(430);
  await given.tick();
  await given.pass(300);
  await escalate();
  expect(await escalations()).toEqual([1, 1]);
});

test('rules that two releases write in turn say the same in both', async () => {
  await olderWrites('device_offline', fiveMinutes);
  expect(await escalationOf('device_offline'), 'older adds').toEqual(same(fiveMinutes));
  await given.changeRule('device_offline', { escalation_rules: tenMinutes });
  expect(await escalationOf('device_offline'), 'newer changes').toEqual(same(tenMinutes));
  await olderWrites('device_offline', fiveMinutes);
  expect(await escalationOf('device_offline'), 'older changes').toEqual(same(fiveMinutes));
  await given.changeRule('device_offline', { escalation_rules: null });
  expect(await escalationOf('device_offline'), 'newer removes').toEqual(nothing);
  await given.changeRule('device_offline', { escalation_rules: tenMinutes });
  expect(await escalationOf('device_offline'), 'newer adds').toEqual(same(tenMinutes));
  await olderWrites('device_offline', null);
  expect(await escalationOf('device_offline'), 'older removes').toEqual(nothing);
});

test('one migration back, the rules have what this release wrote last', async () => {
  await given.changeRule('device_offline', { escalation_rules: tenMinutes });
  await goDown();
  const { rows } = await older.query(
    "select escalation from rules where organization_id = $1 and type = 'device_offline'",
    [given.tenant.id],
  );
  expect(rows).toEqual([{ escalation: tenMinutes }]);
  await migrateUp(shared.house.database.url);
  expect(await escalationOf('device_offline')).toEqual(same(tenMinutes));
});

test('a second process of this release beside one of the release before escalates once', async () => {
  await using other = await testApp({ clock: given.clock, database: given.house.database });
  await silentDevices(2);
  await given.changeRule('device_offline', { escalation_rules: fiveMinutes });
  await given.pass(300);
  await Promise.all([escalate(other.ctx), olderTick(), escalate()]);
  expect(await escalations()).toEqual([1, 1]);
});
