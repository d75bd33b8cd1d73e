import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as alerting from '#modules/alerting';
import * as checks from '#modules/checks';
import * as delivery from '#modules/delivery';
import * as identity from '#modules/identity';
import * as incidents from '#modules/incidents';
import * as inventory from '#modules/inventory';
import * as maintenance from '#modules/maintenance';
import * as sources from '#modules/sources';
import * as telemetry from '#modules/telemetry';
import type { Tx } from '#platform/db/database';
import { textOfRows } from '#platform/db/shown';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { type Tenant, testTenant } from '../../test/support/tenants.ts';

const { checkResultRows, checkRows, checkStateRows } = checks;
const { deviceRows, deviceTypeRows, siteRows } = inventory;
const { deviceStateRows, eventRows, metricPointRows } = telemetry;

/** The rows that modules show of their tables: the exports of their doors with that name. */
const shown = [
  identity,
  inventory,
  delivery,
  sources,
  telemetry,
  maintenance,
  checks,
  alerting,
  incidents,
].flatMap((door) =>
  Object.entries<unknown>(door)
    .filter(([name]) => name.endsWith('Rows'))
    .map(([name, rows]): [string, RawBuilder<unknown>] => [name, toRows(rows)]),
);

function toRows(rows: unknown): RawBuilder<unknown> {
  if (typeof rows !== 'object' || rows === null || !('toOperationNode' in rows))
    throw new TypeError('These are no rows.');
  // Safe because only builders of statements have that method.
  return rows as RawBuilder<unknown>;
}

/** Replaces the rows that a module shows by the table itself. */
function tableOf(rows: RawBuilder<unknown>): RawBuilder<unknown> {
  const table = /from (\w+)\)$/.exec(textOfRows(rows))?.[1];
  if (table === undefined) throw new TypeError('These rows are not of one table.');
  return sql.table(table);
}

let house: TestApp;
let acme: Tenant;
beforeAll(async () => {
  house = await testApp();
  acme = await testTenant(house, 'acme');
});
afterAll(() => house.close());

async function planOf(tx: Tx, statement: RawBuilder<unknown>): Promise<string> {
  const { rows } = await sql<{ 'QUERY PLAN': string }>`explain (costs off) ${statement}`.execute(tx);
  return rows.map((row) => withoutAliases(row['QUERY PLAN'])).join('\n');
}

/** A flattened subquery shows the name of its table in the plan, the table itself its alias. */
function withoutAliases(line: string): string {
  return line.replace(/( on \w+) \w+$/, '$1').replace(/\b[a-z_]\w*\.(?=[a-z_])/g, '');
}

/** The plans for the shown rows and for the tables themselves: across tenants, and for one. */
async function bothPlans(
  statementOf: (look: (rows: RawBuilder<unknown>) => RawBuilder<unknown>) => RawBuilder<unknown>,
): Promise<{ shown: string[]; tables: string[] }> {
  const plans = async (look: (rows: RawBuilder<unknown>) => RawBuilder<unknown>) => [
    await house.ctx.db.system((tx) => planOf(tx, statementOf(look))),
    await house.ctx.db.tenant(acme.id, (tx) => planOf(tx, statementOf(look))),
  ];
  return { shown: await plans((rows) => rows), tables: await plans(tableOf) };
}

test.each(shown)('%s have the plan of the table itself, and show only existing columns', async (_, rows) => {
  const plans = await bothPlans((look) => sql`select 1 from ${look(rows)} x`);
  expect(plans.shown).toEqual(plans.tables);
  await house.ctx.db.system((tx) => sql`select * from ${rows} x limit 0`.execute(tx));
});

/** One plan node for each partition that is read. */
function scansIn(plan: string): number {
  return plan.match(/ on \w+$/gm)?.length ?? 0;
}

test.each([
  ['results of checks', checkResultRows, 'at'],
  ['events', eventRows, 'received_at'],
  ['measurements', metricPointRows, 'received_at'],
] as const)(
  'a known time excludes the other days of %s when the statement is planned',
  async (_, rows, column) => {
    const later = new Date(Date.now() + 86_400_000);
    const plans = await bothPlans(
      (look) => sql`select 1 from ${look(rows)} x where x.${sql.ref(column)} > ${later}`,
    );
    expect(plans.shown).toEqual(plans.tables);
    const whole = await house.ctx.db.system((tx) => planOf(tx, sql`select 1 from ${rows} x`));
    expect(scansIn(plans.shown[0] ?? '')).toBeLessThan(scansIn(whole));
  },
);

test('joins of rows that several modules show have the plans of their tables, and a lock reaches the tables', async () => {
  const plans = await bothPlans(
    (look) => sql`
      select d.name, ds.status, s.timezone, t.retries, c.slug, st.status
      from ${look(deviceStateRows)} ds join ${look(deviceRows)} d on d.id = ds.device_id and d.retired_at is null
      join ${look(siteRows)} s on s.id = d.site_id left join ${look(deviceTypeRows)} t on t.id = d.type_id
      left join ${look(checkRows)} c on c.device_id = d.id left join ${look(checkStateRows)} st on st.check_id = c.id
      where ds.device_id = any(${[acme.id]}::uuid[]) order by ds.device_key for update of ds`,
  );
  expect(plans.shown).toEqual(plans.tables);
  expect(plans.shown[0]).toContain('LockRows');
});
