import { expect, test } from 'vitest';
import { detailFigures } from './details';

test('the numbers of an absence are shown as durations, in the order of the sentence', () => {
  expect(detailFigures({ limit_seconds: 120, silent_seconds: 190.4 })).toEqual([
    { label: 'Silent for', value: '3 min 10 s' },
    { label: 'Limit', value: '2 min' },
  ]);
});

test('the numbers of a rate are shown as shares and counts', () => {
  expect(detailFigures({ matching: 14, samples: 86, percent: 16.279, threshold_percent: 10 })).toEqual([
    { label: 'Share', value: '16.28 %' },
    { label: 'Limit', value: '10 %' },
    { label: 'Matching', value: '14' },
    { label: 'Samples', value: '86' },
  ]);
});

test('a threshold shows the value and its limit in the unit of the measurement', () => {
  const details = { metric: 'sync_lag_sec', value: 147, operator: '>', threshold: 90, duration_minutes: 0 };
  expect(detailFigures(details)).toEqual([
    { label: 'Sync lag', value: '147 s' },
    { label: 'Limit', value: '> 90 s' },
  ]);
});

test('unknown names are still readable, and values without a plain form are left out', () => {
  const details = { queue_depth: 4, hosts: ['a'], nested: {}, empty: '', missing: null, retried: true };
  expect(detailFigures(details)).toEqual([
    { label: 'Queue depth', value: '4' },
    { label: 'Retried', value: 'yes' },
  ]);
});

test('times are in the time zone of the site', () => {
  const details = { last_seen_at: '2026-11-21T18:04:05Z' };
  const timeZone = 'America/Halifax';
  const openedAt = Date.parse('2026-11-21T18:06:05Z');
  expect(detailFigures(details, { timeZone, openedAt })).toEqual([
    { label: 'Last heard', value: '14:04:05' },
  ]);
  const [dated] = detailFigures(details, { timeZone });
  expect(dated?.value).toMatch(/Nov 21, 2026.*14:04:05/);
});
