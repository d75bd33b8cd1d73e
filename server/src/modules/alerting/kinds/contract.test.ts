import { subjectKinds } from '@watchkeeper/contracts';
import { describe, expect, test } from 'vitest';
import { contractOf } from '#platform/kinds/contract.fixture';
import type { EnvironmentLimits } from '../judgement.ts';
import { describeRuleKinds, ruleKinds } from '../registry.ts';

const limits: EnvironmentLimits = { offlineSeconds: 120, thresholds: { sync_lag_sec: 90 } };

contractOf(ruleKinds, import.meta.dirname);

describe.each(ruleKinds.all)('$kind', (kind) => {
  test('has known subjects, and describes them to a form', () => {
    expect(kind.subjects.length).toBeGreaterThan(0);
    for (const subject of kind.subjects) expect(subjectKinds).toContain(subject);
    const described = describeRuleKinds().find((one) => one.kind === kind.kind);
    expect(described).toMatchObject({ subjects: kind.subjects, example: kind.fixture });
  });

  test('names its number for charts', () => {
    const { label, limit } = kind.signal(kind.fixture, limits);
    expect(label).toMatch(/^[A-Z]/);
    expect(limit === null || Number.isFinite(limit)).toBe(true);
  });

  test('describes its condition in words', () => {
    expect(kind.describe(kind.fixture, limits)).toMatch(/\d/);
  });

  test('takes part in the scan of devices exactly when heartbeats wake it', () => {
    expect(kind.scan !== undefined).toBe(kind.wakesOn === 'heartbeats');
  });
});

test('a config with several mistakes names each field once', () => {
  const kind = ruleKinds.get('threshold');
  const wrong = { metric: '', condition: { operator: '=>', threshold: 'ninety', duration: -1, unit: 's' } };
  const fields = () => {
    try {
      ruleKinds.parse(kind, wrong);
      return [];
    } catch (error) {
      return error instanceof Error && 'errors' in error && Array.isArray(error.errors)
        ? error.errors.map((one) => one.field)
        : [];
    }
  };
  expect(fields().sort()).toEqual([
    'config.condition.duration',
    'config.condition.operator',
    'config.condition.threshold',
    'config.condition.unit',
    'config.metric',
  ]);
});

test('an open threshold needs a metric that has a limit in the environment', () => {
  const kind = ruleKinds.get('threshold');
  const open = (metric: string) => ({ metric, condition: { operator: '>', threshold: null } });
  expect(ruleKinds.parse(kind, open('sync_lag_sec'))).toEqual({
    metric: 'sync_lag_sec',
    condition: { operator: '>', threshold: null, duration: 0 },
  });
  expect(() => ruleKinds.parse(kind, open('ball_count'))).toThrow(/config\.condition\.threshold/);
});
