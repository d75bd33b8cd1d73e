import type { Comparison } from '@watchkeeper/contracts';
import { describe, expect, test } from 'vitest';
import type { Moment } from '../judgement.ts';
import { evaluateThreshold, threshold } from './threshold.ts';

const now = new Date('2026-03-02T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const moment: Moment = {
  now,
  watch: { watchingSince: ago(86_400), intakeUp: true },
  limits: { offlineSeconds: 120, thresholds: { sync_lag_sec: 90 } },
  pausedReason: null,
};

function judge(
  value: number | null,
  over: { operator?: Comparison; duration?: number; age?: number; pendingFor?: number } = {},
) {
  const config = {
    metric: 'sync_lag_sec',
    condition: { operator: over.operator ?? ('>' as const), threshold: 90, duration: over.duration ?? 0 },
  };
  const pendingSince = over.pendingFor === undefined ? null : ago(over.pendingFor);
  return evaluateThreshold(config, { value, at: ago(over.age ?? 0) }, moment, pendingSince);
}

describe('each operator against 90', () => {
  test.each([
    ['>', 90, 'ok'],
    ['>', 90.001, 'firing'],
    ['>=', 90, 'firing'],
    ['>=', 89.999, 'ok'],
    ['<', 90, 'ok'],
    ['<', 89.999, 'firing'],
    ['<=', 90, 'firing'],
    ['<=', 90.001, 'ok'],
    ['==', 90, 'firing'],
    ['==', 90.5, 'ok'],
    ['!=', 90, 'ok'],
    ['!=', 0, 'firing'],
  ] as const)('%s with %d', (operator, value, verdict) => {
    expect(judge(value, { operator }).verdict).toBe(verdict);
  });
});

describe('gaps', () => {
  test('a value that was never reported gives no verdict', () => {
    expect(judge(null).verdict).toBe('unknown');
  });

  test('a value as old as the silence limit still counts, an older one gives no verdict', () => {
    expect(judge(500, { age: 120 }).verdict).toBe('firing');
    expect(judge(500, { age: 120.1 }).verdict).toBe('unknown');
    expect(judge(0, { age: 121 }).verdict).toBe('unknown');
  });
});

describe('a duration of five minutes', () => {
  test.each([
    ['the first value that meets it', undefined, 'pending'],
    ['after four minutes', 240, 'pending'],
    ['a second too early', 299, 'pending'],
    ['after five minutes', 300, 'firing'],
    ['much later', 3000, 'firing'],
  ] as const)('%s', (_case, pendingFor, verdict) => {
    expect(judge(120, { duration: 5, ...(pendingFor === undefined ? {} : { pendingFor }) }).verdict).toBe(
      verdict,
    );
  });

  test('one normal value ends it', () => {
    expect(judge(10, { duration: 5, pendingFor: 299 }).verdict).toBe('ok');
  });
});

test('gives the reason in words and numbers', () => {
  expect(judge(125).why).toBe('Sync lag is 2 min 5 s; the limit is 1 min 30 s.');
  expect(judge(125, { duration: 5, pendingFor: 360 }).why).toBe(
    'Sync lag is 2 min 5 s, above 1 min 30 s for 6 min; the rule waits for 5 min.',
  );
});

test('an open threshold follows the environment', () => {
  const open = { metric: 'sync_lag_sec', condition: { operator: '>', threshold: null, duration: 0 } };
  expect(threshold.resolve(open, moment.limits)).toMatchObject({ condition: { threshold: 90 } });
  expect(threshold.describe(open, moment.limits)).toBe('sync lag > 1 min 30 s');
});
