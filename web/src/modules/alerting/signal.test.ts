import type { SignalBucket } from '@watchkeeper/contracts/alerting';
import { expect, test } from 'vitest';
import { closedSpans, lineOf } from './signal';

const start = Date.parse('2026-11-21T12:00:00Z') / 1_000;
const bucket = (index: number, reading: Partial<SignalBucket> | number | null): SignalBucket => ({
  at: new Date((start + index * 60) * 1_000).toISOString(),
  ...{ low: null, high: null, limit: null, beside: null, samples: null },
  ...(typeof reading === 'number' ? { low: reading - 1, high: reading, limit: 10, beside: 2 } : reading),
});
const buckets = (...readings: Parameters<typeof bucket>[1][]) =>
  readings.map((each, index) => bucket(index, each));

test('a line is the extreme that can break the limit, with the limit and its other figures', () => {
  expect(lineOf(buckets(5, 7), 'above')).toEqual({
    times: [start, start + 60],
    values: [5, 7],
    limits: [10, 10],
    beside: [2, 2],
  });
  expect(lineOf(buckets(5, 7), 'below').values).toEqual([4, 6]);
});

test('one step without a reading is skipped, a long time without any is a hole', () => {
  expect(lineOf(buckets(1, null, 2, null, 3), 'above').values).toEqual([1, 2, 3]);
  const holed = lineOf(buckets(1, 1, 1, null, null, null, null, 2), 'above');
  expect(holed.values).toEqual([1, 1, 1, null, 2]);
  expect(holed.times[3]).toBe(start + 4.5 * 60);
  expect(holed.limits).toEqual([10, 10, 10, null, 10]);
});

test('no data is an empty line', () => {
  expect(lineOf(buckets(null, { samples: 3 }), 'above').times).toEqual([]);
});

test('a place is closed between its openings', () => {
  const opening = (from: number, to: number) => ({
    from: new Date((start + from) * 1_000).toISOString(),
    to: new Date((start + to) * 1_000).toISOString(),
  });
  expect(closedSpans([opening(0, 100), opening(300, 400)], start, start + 900)).toEqual([
    { from: start + 100, to: start + 300 },
    { from: start + 400, to: start + 900 },
  ]);
  expect(closedSpans([], start, start + 9)).toEqual([{ from: start, to: start + 9 }]);
  expect(closedSpans([opening(0, 9)], start, start + 9)).toEqual([]);
});
