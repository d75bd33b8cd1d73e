import { describe, expect, test } from 'vitest';
import { baselineSpan, evaluateSpike, median, type Spike } from './spike.ts';

const config = {
  event_type: 'refund',
  outcome: 'any' as const,
  factor: 3,
  window_minutes: 60,
  baseline_days: 7,
  minimum_baseline_hours: 3,
  minimum_samples: 5,
  per: 'site' as const,
};
const judge = (data: Partial<Spike>) =>
  evaluateSpike(config, { count: 0, hours: 40, median: 4, established: true, ...data });

describe('three times a median of 4 per hour', () => {
  test.each([
    ['as usual', { count: 4 }, 'ok'],
    ['exactly three times', { count: 12 }, 'ok'],
    ['one more', { count: 13 }, 'firing'],
    ['a low median, yet fewer than the minimum', { median: 1, count: 4 }, 'ok'],
    ['a low median and the minimum', { median: 1, count: 5 }, 'firing'],
    [
      'too little baseline at a young site',
      { hours: 2, median: 1, established: false, count: 50 },
      'unknown',
    ],
    [
      'no baseline at all at a young site',
      { hours: 0, median: null, established: false, count: 50 },
      'unknown',
    ],
    ['a known site without events', { hours: 0, median: null, established: true, count: 5 }, 'firing'],
    ['a known site with hardly any', { hours: 2, median: 30, established: true, count: 5 }, 'firing'],
    ['a site without events, fewer than the minimum', { hours: 0, median: null, count: 4 }, 'ok'],
  ] as const)('%s', (_case, data, verdict) => {
    expect(judge(data).verdict).toBe(verdict);
  });
});

test('a median per hour is scaled to the window', () => {
  const short = { ...config, window_minutes: 30 };
  const data = { hours: 40, median: 8, established: true };
  expect(evaluateSpike(short, { ...data, count: 12 }).verdict).toBe('ok');
  expect(evaluateSpike(short, { ...data, count: 13 }).verdict).toBe('firing');
});

test('gives the reason in words and numbers, with the baseline', () => {
  expect(judge({ count: 13 }).why).toBe(
    '13 refunds in the last 1 h; the median of 40 hours with refunds in the 7 days before is 4 per hour, the limit is 3 times that (and at least 5).',
  );
});

test('the baseline is whole clock hours that end before the window begins', () => {
  const span = baselineSpan(config, Date.parse('2026-03-08T12:34:56Z'));
  expect(new Date(span.to).toISOString()).toBe('2026-03-08T11:00:00.000Z');
  expect(new Date(span.from).toISOString()).toBe('2026-03-01T11:00:00.000Z');
});

test.each([
  [[], null],
  [[3], 3],
  [[9, 1], 5],
  [[5, 1, 100], 5],
  [[1, 2, 3, 1000], 2.5],
])('median of %j', (values, expected) => {
  expect(median(values)).toBe(expected);
});
