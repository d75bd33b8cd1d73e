import type { RuleBody } from '@watchkeeper/contracts/rules';
import { expect, test } from 'vitest';
import { mergeBodies } from './merge';

const base: RuleBody = {
  name: 'Disk nearly full',
  kind: 'threshold',
  config: { metric: 'disk_usage', condition: { operator: '>', threshold: 90 } },
  severity: 'high',
  enabled: true,
};

test('my changes are added to theirs, setting by setting', () => {
  const theirs = { ...base, severity: 'low' as const, config: { ...base.config, metric: 'cpu_usage' } };
  const mine = { ...base, config: { ...base.config, condition: { operator: '>', threshold: 95 } } };
  expect(mergeBodies(base, theirs, mine)).toEqual({
    ...base,
    severity: 'low',
    config: { metric: 'cpu_usage', condition: { operator: '>', threshold: 95 } },
  });
});

test('where both changed the same setting, mine wins', () => {
  const merged = mergeBodies(base, { ...base, severity: 'low' }, { ...base, severity: 'critical' });
  expect(merged.severity).toBe('critical');
});

test('a rule that became another kind takes all my settings', () => {
  const mine = { ...base, name: 'Mine' };
  expect(mergeBodies(base, { ...base, kind: 'rate', config: { event_type: 'sale' } }, mine)).toEqual(mine);
});
