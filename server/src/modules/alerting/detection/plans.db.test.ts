import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as checks from '#modules/checks';
import * as identity from '#modules/identity';
import * as inventory from '#modules/inventory';
import * as maintenance from '#modules/maintenance';
import * as telemetry from '#modules/telemetry';
import { textOfRows } from '#platform/db/shown';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';
import { ruleKinds } from '../registry.ts';

/** The SQL through which lower floors show their rows, each with its table. */
const shown = [
  checks.checkResultRows,
  checks.checkRows,
  checks.checkStateRows,
  identity.organizationRows,
  inventory.deviceDependencyRows,
  inventory.deviceRows,
  inventory.deviceTypeRows,
  inventory.siteRows,
  maintenance.maintenanceWindowRows,
  telemetry.deviceStateRows,
  telemetry.deviceStatusChangeRows,
  telemetry.eventCountRows,
  telemetry.eventRows,
  telemetry.metricPointRows,
].map((rows) => {
  const text = textOfRows(rows);
  return { text, table: /from (\w+)\)$/.exec(text)?.[1] ?? '' };
});

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

let shared: AlertingHouse;
let given: Given;
let statements: Statement[];
beforeAll(async () => {
  shared = await alertingHouse();
  given = await shared.newcomer();
  await given.site('north');
  await given.device('till', 'north');
  await given.beat('till', 'north');
  await given.pass(60);
  for (const kind of ruleKinds.all) await addRule(kind.kind, kind.fixture);
  await given.tenant.call('POST', '/metrics', {
    body: ['cpu_usage', 'errors_total'].map((metric_name) => ({
      ...{ metric_type: 'SYSTEM', metric_category: 'LOAD', metric_name, unit: '%', source: 'api', value: 99 },
    })),
  });
  await given.events('north', 'sale', new Date(given.clock.now() - 60_000), { failures: 50, successes: 50 });
  await given.pass(600);
  statements = await statementsOf(() => given.tick());
});
afterAll(() => shared[Symbol.asyncDispose]());

async function addRule(kind: string, config: unknown): Promise<void> {
  await given.house.ctx.db.pool.query(
    `insert into rules (organization_id, id, type, name, kind, config, severity, enabled, auto_resolve, cooldown_seconds, created_at, updated_at)
     values ($1, gen_random_uuid(), 'one_' || $2::text, 'One ' || $2::text, $2, $3, 'low', true, true, 0, now(), now())`,
    [given.tenant.id, kind, config],
  );
}

/** Records the statements that go to the database, and lets all of them through. */
async function statementsOf(work: () => Promise<void>): Promise<Statement[]> {
  const sent = new Map<string, Statement>();
  const query = vi.spyOn(pg.Client.prototype, 'query');
  await work();
  for (const [text, values] of query.mock.calls as readonly (readonly unknown[])[])
    if (typeof text === 'string') sent.set(text, { text, values: Array.isArray(values) ? values : [] });
  query.mockRestore();
  return [...sent.values()].filter(({ text }) => shown.some((rows) => text.includes(rows.text)));
}

/** The plan names a flattened subquery by its table, and the table itself by its alias. */
function withoutAliases(line: string): string {
  return line.replace(/( on \w+) \w+$/, '$1').replace(/\b[a-z_]\w*\.(?=[a-z_])/g, '');
}

async function planOf({ text, values }: Statement): Promise<string> {
  const { rows } = await given.house.ctx.db.pool.query<{ 'QUERY PLAN': string }>(
    `explain (costs off) ${text}`,
    [...values],
  );
  return rows.map((row) => withoutAliases(row['QUERY PLAN'])).join('\n');
}

test('a tick reads devices, events, measurements and checks', () => {
  const read = shown.filter(({ text }) => statements.some((statement) => statement.text.includes(text)));
  expect(read.map(({ table }) => table)).toEqual(
    expect.arrayContaining([
      'device_state',
      'event_counts',
      'events',
      'metric_points',
      'check_results',
      'checks',
    ]),
  );
});

test('each statement of a tick has the same plan as with the tables of lower floors', async () => {
  for (const statement of statements) {
    const named = shown.reduce((text, rows) => text.replaceAll(rows.text, rows.table), statement.text);
    expect(named).not.toBe(statement.text);
    expect(await planOf(statement), statement.text).toBe(await planOf({ ...statement, text: named }));
  }
});
