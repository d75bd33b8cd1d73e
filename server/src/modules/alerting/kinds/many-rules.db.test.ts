import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Tx } from '#platform/db/database';
import { readMoment } from '../detection/moment.ts';
import { type AlertingHouse, alertingHouse, type Given } from '../house.fixture.ts';
import { ruleKinds } from '../registry.ts';

const rulesCount = 60;
/** How often one rule may look into each partition that it reads: today and yesterday, in two ways. */
const scansPerRuleMax = 10;

let shared: AlertingHouse;
let given: Given;
beforeAll(async () => {
  shared = await alertingHouse();
  given = await shared.newcomer();
  await given.site('north');
  await given.device('till', 'north');
  await happen();
  await given.pass(60);
  await happen();
});
afterAll(() => shared[Symbol.asyncDispose]());

/** As after an import: PostgreSQL's statistics still count only a few rules. */
async function addRules(kind: string): Promise<void> {
  const { pool } = given.house.ctx.db;
  await pool.query('update rules set enabled = false');
  await pool.query(
    `insert into rules (organization_id, id, type, name, kind, config, severity, enabled, auto_resolve, cooldown_seconds, created_at, updated_at)
     select $1, gen_random_uuid(), 'many', 'Many ' || n, $2, $3, 'low', true, true, 0, now(), now() from generate_series(1, $4::int) n`,
    [given.tenant.id, kind, ruleKinds.get(kind).fixture, rulesCount],
  );
}

/** Adds one measurement, one count and one change, so that each rule finds something. */
async function happen(): Promise<void> {
  await given.tenant.call('POST', '/metrics', {
    body: ['cpu_usage', 'errors_total'].map((metric_name) => ({
      ...{ metric_type: 'SYSTEM', metric_category: 'LOAD', metric_name, unit: '%', source: 'api', value: 99 },
    })),
  });
  for (const type of ['gate.redemption', 'sale', 'print.reprint', 'refund'])
    await given.events('north', type, new Date(given.clock.now() - 60_000), { failures: 50, successes: 50 });
  await given.beat('till', 'north');
}

/** How often this connection has read one of the growing tables or their partitions. */
async function countScans(tx: Tx): Promise<number> {
  const { rows } = await sql<{ scans: number }>`
    select coalesce(sum(coalesce(idx_scan, 0) + coalesce(seq_scan, 0)), 0)::int as scans
    from pg_stat_xact_user_tables
    where relname ~ '^(metric_points|event_counts|events|device_status_changes|check_results)'`.execute(tx);
  return rows[0]?.scans ?? 0;
}

test.each(['metric', 'counter_rate', 'rate', 'spike', 'after_hours', 'flapping'])(
  'judging many rules of the kind %s reads once for each of them, even when statistics know none',
  async (kind) => {
    await addRules(kind);
    const { ctx } = given.house;
    const scans = await ctx.db.system(async (tx) => {
      const { moment } = await readMoment(ctx, tx);
      // A hash join would hide the cost of a wrong estimate.
      await sql`set local enable_hashjoin = off`.execute(tx);
      const before = await countScans(tx);
      await ruleKinds.get(kind).inspect(tx, moment, {});
      return (await countScans(tx)) - before;
    });
    expect(scans / rulesCount).toBeGreaterThan(0);
    expect(scans / rulesCount).toBeLessThan(scansPerRuleMax);
  },
);
