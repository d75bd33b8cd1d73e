import { expect, test } from 'vitest';
import { evaluateMetric, type Measured } from './metric.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 2, 2, 12, minutes));
const config = {
  metric: 'cpu_usage',
  metric_type: null,
  metric_category: null,
  source: null,
  endpoint: null,
  condition: { operator: '>' as const, threshold: 80, duration: 5 },
  minimum_points: 3,
};
const host = (more: Partial<Measured>): Measured => ({
  metric: 'cpu_usage',
  type: 'SYSTEM',
  category: 'CPU',
  unit: '%',
  source: 'watch-1',
  endpoint: null,
  value: 95,
  at: at(10),
  heldSince: at(5),
  points: 6,
  ...more,
});

test.each<[string, Partial<Measured>, string]>([
  ['above for the required time', {}, 'firing'],
  ['not above', { value: 80, heldSince: null, points: 0 }, 'ok'],
  ['above for a shorter time', { heldSince: at(7) }, 'unknown'],
  ['above in too few measurements', { points: 2 }, 'unknown'],
  ['above, but long ago', { at: at(-10), heldSince: at(-20) }, 'unknown'],
])('a measurement %s has the right verdict', (_what, data, verdict) => {
  expect(evaluateMetric(config, host(data), at(10)).verdict).toBe(verdict);
});

test('a firing measurement says its value, how long, and the limit', () => {
  expect(evaluateMetric(config, host({}), at(10)).why).toBe(
    'CPU usage is 95 % for 5 min; the limit is 80 %.',
  );
});

test('without a duration the newest measurement decides', () => {
  const now = { ...config, condition: { ...config.condition, duration: 0 }, minimum_points: 1 };
  expect(evaluateMetric(now, host({ heldSince: at(10), points: 1 }), at(10)).verdict).toBe('firing');
});

test('a rule by category shows the name and the unit of the series that it judges', () => {
  const byCategory = { ...config, metric: null, metric_category: 'RESPONSE_TIME' };
  const slow = { metric: 'API Response Time', unit: 'ms', value: 1500 };
  const { why, details } = evaluateMetric(
    { ...byCategory, condition: { ...config.condition, threshold: 1000 } },
    host(slow),
    at(10),
  );
  expect(why).toBe('API Response Time is 1500 ms for 5 min; the limit is 1000 ms.');
  expect(details).toMatchObject({ metric: 'API Response Time' });
});
