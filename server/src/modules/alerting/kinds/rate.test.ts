import { expect, test } from 'vitest';
import { evaluateRate, rate } from './rate.ts';

const config = {
  event_type: 'gate.redemption',
  outcome: 'failure' as const,
  operator: '>' as const,
  threshold_percent: 10,
  window_minutes: 60,
  minimum_samples: 10,
  per: 'site' as const,
};

test.each([
  ['nothing happened', 0, 0, 'unknown'],
  ['too few to judge, all failed', 0, 9, 'unknown'],
  ['just enough, one failed', 9, 1, 'ok'],
  ['just enough, two failed', 8, 2, 'firing'],
  ['exactly at the limit', 90, 10, 'ok'],
  ['just above the limit', 899, 101, 'firing'],
  ['all failed', 0, 50, 'firing'],
  ['none failed', 50, 0, 'ok'],
] as const)('%s', (_case, successes, failures, verdict) => {
  expect(evaluateRate(config, { successes, failures }).verdict).toBe(verdict);
});

test('gives the reason in words and numbers, with the minimum', () => {
  const judgement = evaluateRate(config, { successes: 48, failures: 12 });
  expect(judgement.why).toBe(
    '12 of 60 gate redemptions failed in the last 1 h: 20 %; the limit is 10 % (judged from 10 events on).',
  );
  expect(judgement).toMatchObject({ value: 20, details: { matching: 12, samples: 60, percent: 20 } });
});

test('can watch a share of successes that is too low', () => {
  const low = { ...config, outcome: 'success' as const, operator: '<' as const, threshold_percent: 50 };
  expect(evaluateRate(low, { successes: 4, failures: 6 }).verdict).toBe('firing');
  expect(evaluateRate(low, { successes: 5, failures: 5 }).verdict).toBe('ok');
});

test('shows its minimum in the rule', () => {
  expect(rate.describe(config, { offlineSeconds: 120, thresholds: {} })).toBe(
    'gate redemption failures > 10 % in 60 min (at least 10)',
  );
});
