import type { HistoryPoint } from '@watchkeeper/contracts/telemetry';
import { describe, expect, test } from 'vitest';
import { figuresIn, gapFigure, rangeOf, seriesOf } from './series';

function beat(second: number, cpu?: number): HistoryPoint {
  return {
    at: new Date(second * 1_000).toISOString(),
    values: cpu === undefined ? {} : { cpu_usage: cpu },
    metrics: { queue: second },
  };
}

describe('a figure over time', () => {
  test('is ordered by time, whatever the order of the answer', () => {
    expect(seriesOf([beat(30, 3), beat(10, 1), beat(20, 2)], 'cpu_usage')).toEqual({
      times: [10, 20, 30],
      values: [1, 2, 3],
    });
  });

  test('has a hole where the device was silent', () => {
    expect(seriesOf([beat(0, 1), beat(10, 1), beat(20, 1), beat(100, 2)], 'cpu_usage')).toEqual({
      times: [0, 10, 20, 60, 100],
      values: [1, 1, 1, null, 2],
    });
  });

  test('does not invent a value that a heartbeat left out', () => {
    expect(seriesOf([beat(0, 1), beat(10), beat(20, 3)], 'cpu_usage').values).toEqual([1, null, 3]);
  });

  test('shows the average of a rolled-up bucket', () => {
    const rolled = {
      at: new Date(0).toISOString(),
      values: { cpu_usage: { count: 2, min: 1, max: 9, avg: 5, last: 9 } },
    };
    expect(seriesOf([rolled], 'cpu_usage').values).toEqual([5]);
  });

  test('is also found among a fleet’s own numbers', () => {
    expect(seriesOf([beat(7, 1)], 'queue').values).toEqual([7]);
    expect(figuresIn([beat(1), beat(2, 5)])).toEqual(['queue', 'cpu_usage']);
  });
});

test('the gap figure is the time between a heartbeat and the one before', () => {
  expect(seriesOf([beat(0), beat(30), beat(95)], gapFigure)).toEqual({ times: [30, 95], values: [30, 65] });
});

test('a range leaves out holes, and is undefined where nothing was measured', () => {
  expect(rangeOf([null, 4, 2, null])).toEqual({ low: 2, high: 4 });
  expect(rangeOf([null])).toBeUndefined();
});
