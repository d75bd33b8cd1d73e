import { expect, test } from 'vitest';
import { detailFigures } from './details';

const now = Date.UTC(2026, 10, 21, 18);

test('the numbers of an absence read as durations, in the order of telling', () => {
  expect(detailFigures({ limit_seconds: 120, silent_seconds: 190.4 }, now)).toEqual([
    { label: 'Silent for', value: '3 min 10 s' },
    { label: 'Limit', value: '2 min' },
  ]);
});

test('the numbers of a rate read as shares and counts', () => {
  expect(detailFigures({ matching: 14, samples: 86, percent: 16.279, threshold_percent: 10 }, now)).toEqual([
    { label: 'Share', value: '16.28 %' },
    { label: 'Limit', value: '10 %' },
    { label: 'Matching', value: '14' },
    { label: 'Samples', value: '86' },
  ]);
});

test('a threshold shows the value and its limit in the unit of what was measured', () => {
  const details = { metric: 'sync_lag_sec', value: 147, operator: '>', threshold: 90, duration_minutes: 0 };
  expect(detailFigures(details, now)).toEqual([
    { label: 'Sync lag', value: '147 s' },
    { label: 'Limit', value: '> 90 s' },
  ]);
});

test('names nobody foresaw are still readable, and what has no plain form is left out', () => {
  const details = { queue_depth: 4, hosts: ['a'], nested: {}, empty: '', missing: null, retried: true };
  expect(detailFigures(details, now)).toEqual([
    { label: 'Queue depth', value: '4' },
    { label: 'Retried', value: 'yes' },
  ]);
});
