import { expect, test } from 'vitest';
import { counterRate, evaluateCounterRate, type Growth, growthOf } from './counter-rate.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 2, 2, 12, minutes));
const config = {
  metric: 'errors_total',
  metric_type: null,
  metric_category: null,
  source: null,
  endpoint: null,
  condition: { operator: '>' as const, threshold: 10 },
  per: 'minute' as const,
  window_minutes: 10,
};
const growth = (more: Partial<Growth> = {}): Growth => ({
  metric: 'errors_total',
  type: 'SYSTEM',
  category: 'counters',
  unit: 'count',
  source: 'api',
  endpoint: null,
  grown: 120,
  resets: 0,
  since: at(0),
  at: at(10),
  ...more,
});

test.each<[string, Partial<Growth>, string]>([
  ['faster than the limit', {}, 'firing'],
  ['as fast as the limit', { grown: 100 }, 'ok'],
  ['not at all', { grown: 0 }, 'ok'],
  ['measured for less than half of the window', { since: at(6) }, 'unknown'],
  ['measured for half of the window', { since: at(5) }, 'firing'],
  ['long ago', { since: at(-30), at: at(-10) }, 'unknown'],
  ['counted once', { since: at(10), grown: 0 }, 'unknown'],
])('a counter that grew %s has the right verdict', (_how, data, verdict) => {
  expect(evaluateCounterRate(config, growth(data), at(10)).verdict).toBe(verdict);
});

test('a counter that stands still is found by a lower limit', () => {
  const still = { ...config, condition: { operator: '<=' as const, threshold: 0 } };
  expect(evaluateCounterRate(still, growth({ grown: 0 }), at(10)).verdict).toBe('firing');
});

test.each([
  ['second', 0.2],
  ['minute', 12],
  ['hour', 720],
] as const)('the same growth a %s is %d', (per, value) => {
  expect(evaluateCounterRate({ ...config, per }, growth(), at(10)).value).toBeCloseTo(value);
});

test('says how much it grew, in what time, and that the counter restarted', () => {
  expect(evaluateCounterRate(config, growth({ resets: 1 }), at(10)).why).toBe(
    'errors_total grew by 120 in 10 min and started again from zero 1 time: 12 a minute; the limit is 10 a minute.',
  );
  expect(counterRate.describe(config, { offlineSeconds: 120, thresholds: {} })).toBe(
    'errors_total grows > 10 a minute over 10 min',
  );
});

const counted = (...values: [minute: number, value: number][]) =>
  growthOf(
    values.map(([minute, value]) => ({
      metric_name: 'errors_total',
      metric_type: 'SYSTEM',
      metric_category: 'counters',
      unit: '',
      source: 'api',
      endpoint: null,
      at: at(minute),
      value,
    })),
    10 * 60_000,
  ).map(({ grown, resets, since, at: end }) => [grown, resets, (end.getTime() - since.getTime()) / 60_000]);

test.each<[string, [number, number][], number[]]>([
  [
    'of steady growth',
    [
      [0, 100],
      [5, 150],
      [10, 200],
    ],
    [100, 0, 10],
  ],
  [
    'of a counter that restarts counts from zero',
    [
      [0, 100],
      [5, 150],
      [10, 30],
    ],
    [80, 1, 10],
  ],
  [
    'of a counter that restarts twice is never negative',
    [
      [0, 900],
      [4, 5],
      [8, 2],
      [10, 2],
    ],
    [7, 2, 10],
  ],
  [
    'begins with the last count before the window',
    [
      [0, 100],
      [5, 150],
      [16, 260],
    ],
    [110, 0, 11],
  ],
  [
    'leaves out older counts',
    [
      [0, 0],
      [1, 500],
      [6, 500],
      [12, 560],
      [16, 600],
    ],
    [100, 0, 10],
  ],
  [
    'does not reach back for a count that is too old',
    [
      [0, 0],
      [26, 500],
      [30, 540],
    ],
    [40, 0, 4],
  ],
])('the growth %s', (_what, values, last) => {
  expect(counted(...values).at(-1)).toEqual(last);
});

test('a single count is not growth', () => {
  expect(counted([0, 100])).toEqual([]);
});
