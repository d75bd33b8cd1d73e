import { expect, test } from 'vitest';
import { countPlan, planValue } from './plan';

test('a plan is counted by its actions', () => {
  const step = (action: 'create' | 'update' | 'unchanged' | 'delete') => ({
    action,
    kind: 'site',
    key: 'a',
    changes: [],
  });
  expect(countPlan([step('create'), step('unchanged'), step('unchanged'), step('delete')])).toEqual({
    create: 1,
    update: 0,
    delete: 1,
    unchanged: 2,
  });
});

test.each([
  [null, undefined],
  [[], undefined],
  [['a', 'b'], 'a, b'],
  ['text', 'text'],
  [3, '3'],
  [{ open: '9' }, '{"open":"9"}'],
])('%j reads as %s', (value, words) => {
  expect(planValue(value)).toBe(words);
});
