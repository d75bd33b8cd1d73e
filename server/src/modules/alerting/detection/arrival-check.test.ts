import { expect, test } from 'vitest';
import { compileConditions, meetsAny } from './arrival-check.ts';

const limits = { offlineSeconds: 120, thresholds: { sync_lag_sec: 90 } };
const rule = (
  organization: string,
  metric: string,
  operator: string,
  threshold: number | null,
  site: string | null = null,
) => ({
  organization_id: organization,
  site_id: site,
  config: { metric, condition: { operator, threshold } },
});
const arrival = (
  organizationId: string,
  numbers: { values?: Record<string, number>; metrics?: Record<string, number> },
  siteId = 's1',
) => ({
  organizationId,
  siteId,
  values: numbers.values ?? {},
  metrics: numbers.metrics ?? null,
});

test('a heartbeat is flagged only by the rules of its own organization', () => {
  const conditions = compileConditions([rule('o1', 'sync_lag_sec', '>', null)], limits);
  expect(meetsAny(conditions, arrival('o1', { values: { sync_lag_sec: 91 } }))).toBe(true);
  expect(meetsAny(conditions, arrival('o1', { values: { sync_lag_sec: 90 } }))).toBe(false);
  expect(meetsAny(conditions, arrival('o1', { values: { cpu_usage: 91 } }))).toBe(false);
  expect(meetsAny(conditions, arrival('o2', { values: { sync_lag_sec: 91 } }))).toBe(false);
});

test('a rule for one site does not flag heartbeats of other sites', () => {
  const conditions = compileConditions([rule('o1', 'ball_count', '<', 10, 's2')], limits);
  expect(meetsAny(conditions, arrival('o1', { metrics: { ball_count: 3 } }, 's2'))).toBe(true);
  expect(meetsAny(conditions, arrival('o1', { metrics: { ball_count: 3 } }, 's1'))).toBe(false);
});

test('the name of a standard field means this field, even when a device has a metric of that name', () => {
  const conditions = compileConditions([rule('o1', 'cpu_usage', '>', 90)], limits);
  expect(meetsAny(conditions, arrival('o1', { metrics: { cpu_usage: 95 } }))).toBe(false);
  expect(meetsAny(conditions, arrival('o1', { values: { cpu_usage: 95 }, metrics: { cpu_usage: 1 } }))).toBe(
    true,
  );
});

test('a rule without a limit anywhere flags nothing', () => {
  expect(
    meetsAny(
      compileConditions([rule('o1', 'ball_count', '>', null)], limits),
      arrival('o1', { metrics: { ball_count: 3 } }),
    ),
  ).toBe(false);
});
