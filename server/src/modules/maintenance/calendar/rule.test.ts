import { describe, expect, it } from 'vitest';
import { parseRule, RuleError } from './rule.ts';

describe('a recurrence rule', () => {
  it('is read with all its parts, in upper or lower case, with or without its name', () => {
    expect(parseRule('RRULE:freq=monthly;byday=2TU,-1FR;interval=2;count=12;wkst=su')).toMatchObject({
      frequency: 'MONTHLY',
      interval: 2,
      count: 12,
      until: null,
      byDay: [
        { weekday: 2, nth: 2 },
        { weekday: 5, nth: -1 },
      ],
      weekStart: 7,
    });
  });

  it.each([
    ['', /is not NAME=value/],
    ['every tuesday', /is not NAME=value/],
    ['FREQ=HOURLY', /FREQ must be one of/],
    ['INTERVAL=2', /FREQ must be one of/],
    ['FREQ=DAILY;FREQ=DAILY', /FREQ is given twice/],
    ['FREQ=DAILY;INTERVAL=0', /INTERVAL must be a whole number from 1/],
    ['FREQ=DAILY;INTERVAL=1e3', /is not NAME=value|INTERVAL must be/],
    ['FREQ=DAILY;COUNT=1001', /COUNT must be a whole number from 1 to 1000/],
    ['FREQ=DAILY;COUNT=2;UNTIL=20300101', /COUNT and UNTIL/],
    ['FREQ=DAILY;UNTIL=20260230', /UNTIL must be a date/],
    ['FREQ=DAILY;UNTIL=tomorrow', /UNTIL must be a date/],
    ['FREQ=WEEKLY;BYDAY=XX', /BYDAY takes MO, TU/],
    ['FREQ=WEEKLY;BYDAY=2TU', /counts within a month/],
    ['FREQ=MONTHLY;BYDAY=6TU', /BYDAY must be from 1 to 5/],
    ['FREQ=MONTHLY;BYMONTHDAY=32', /BYMONTHDAY must be from 1 to 31/],
    ['FREQ=MONTHLY;BYMONTHDAY=0', /BYMONTHDAY must be from 1 to 31/],
    ['FREQ=WEEKLY;BYMONTHDAY=3', /cannot be used with FREQ=WEEKLY/],
    ['FREQ=YEARLY;BYMONTH=13', /BYMONTH must be a whole number from 1 to 12/],
    ['FREQ=YEARLY;BYDAY=MO', /needs BYMONTH/],
    ['FREQ=MONTHLY;BYSETPOS=1', /BYSETPOS picks from what BYDAY/],
    ['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0', /BYSETPOS must be from 1 to 366 or/],
    ['FREQ=DAILY;BYHOUR=3', /"BYHOUR" is not supported/],
    [`FREQ=DAILY;BYMONTH=${'1,'.repeat(300)}1`, /longer than 512/],
  ])('"%s" is refused with the reason', (text, reason) => {
    expect(() => parseRule(text)).toThrow(RuleError);
    expect(() => parseRule(text)).toThrow(reason);
  });
});
