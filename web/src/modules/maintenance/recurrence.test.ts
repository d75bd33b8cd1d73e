import { describe, expect, test } from 'vitest';
import { noRecurrence, recurrenceOf, ruleOf } from './recurrence';

describe('how a window recurs', () => {
  test.each([
    ['FREQ=DAILY', { frequency: 'daily', interval: '1' }],
    ['FREQ=DAILY;INTERVAL=3', { frequency: 'daily', interval: '3' }],
    ['FREQ=WEEKLY;BYDAY=TU,SU', { frequency: 'weekly', weekdays: [2, 7] }],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;UNTIL=20270131', { ends: 'date', until: '2027-01-31' }],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', { frequency: 'monthly_day', dayOfMonth: -1 }],
    ['FREQ=MONTHLY;BYDAY=2TU;COUNT=6', { frequency: 'monthly_weekday', nth: 2, weekdays: [2], count: '6' }],
    ['FREQ=MONTHLY;BYDAY=-1FR', { frequency: 'monthly_weekday', nth: -1, weekdays: [5] }],
    ['FREQ=YEARLY', { frequency: 'yearly' }],
  ])('%s fits the plain form, and is written in the same way again', (rule, expected) => {
    const recurrence = recurrenceOf(rule);
    expect(recurrence).toMatchObject(expected);
    expect(ruleOf(recurrence)).toBe(rule);
  });

  test('the order of its parts does not matter', () => {
    expect(recurrenceOf('BYDAY=SU,TU;INTERVAL=1;FREQ=WEEKLY')).toMatchObject({
      frequency: 'weekly',
      interval: '1',
    });
  });

  test.each([
    'FREQ=WEEKLY',
    'FREQ=WEEKLY;BYDAY=TU;WKST=SU',
    'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13',
    'FREQ=MONTHLY;BYMONTHDAY=1,15',
    'FREQ=YEARLY;BYMONTH=6;BYDAY=1SA',
    'FREQ=DAILY;UNTIL=20270131T230000Z',
  ])('%s does not fit the plain form, so it stays as written', (rule) => {
    const recurrence = recurrenceOf(rule);
    expect(recurrence).toMatchObject({ frequency: 'own', own: rule });
    expect(ruleOf(recurrence)).toBe(rule);
  });

  test('a single window has no rule', () => {
    expect(ruleOf(recurrenceOf(null))).toBeNull();
    expect(noRecurrence().frequency).toBe('once');
  });
});
