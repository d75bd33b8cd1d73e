import { expect, test } from 'vitest';
import { detailFacts } from './details';

test('the numbers of an absence read as durations', () => {
  expect(detailFacts({ silent_seconds: 190.4, limit_seconds: 120 })).toEqual([
    { label: 'Silent for', value: '3 min 10 s' },
    { label: 'Limit', value: '2 min' },
  ]);
});

test('the numbers of a rate read as shares and counts', () => {
  expect(detailFacts({ matching: 14, samples: 86, percent: 16.279, threshold_percent: 10 })).toEqual([
    { label: 'Matching', value: '14' },
    { label: 'Samples', value: '86' },
    { label: 'Share', value: '16.28 %' },
    { label: 'Limit', value: '10 %' },
  ]);
});

test('names nobody foresaw are still readable, and what has no plain form is left out', () => {
  expect(
    detailFacts({ queue_depth: 4, hosts: ['a'], nested: {}, empty: '', missing: null, retried: true }),
  ).toEqual([
    { label: 'Queue depth', value: '4' },
    { label: 'Retried', value: 'yes' },
  ]);
});
