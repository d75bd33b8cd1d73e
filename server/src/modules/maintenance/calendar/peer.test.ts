import fc from 'fast-check';
import { RRuleTemporal } from 'rrule-temporal';
import { expect, test } from 'vitest';
import { Temporal } from '#platform/temporal';
import { datesOf } from './dates.ts';
import { parseRule } from './rule.ts';

/** How many dates of one rule are compared. */
const datesMax = 40;
const yearsAhead = 9;

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const someOf = <T>(items: readonly T[], maxLength: number) =>
  fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength });
const monthDays = Array.from({ length: 31 }, (_, index) => index + 1).flatMap((day) => [day, -day]);
const part = (name: string, values: fc.Arbitrary<readonly (string | number)[]>) =>
  fc.option(
    values.map((list) => `;${name}=${list.join(',')}`),
    { nil: '' },
  );
const months = part('BYMONTH', someOf([1, 2, 3, 6, 9, 11, 12], 3));
const days = part('BYDAY', someOf(weekdays, 4));
const nthDays = part(
  'BYDAY',
  someOf(
    weekdays.flatMap((day) => [day, ...[1, 2, 5, -1, -2].map((nth) => `${nth}${day}`)]),
    3,
  ),
);
const monthDay = part('BYMONTHDAY', someOf(monthDays, 3));
const place = part('BYSETPOS', someOf([1, 2, 3, -1, -2], 2));
const week = part(
  'WKST',
  fc.constantFrom(...weekdays).map((day) => [day]),
);
const count = part(
  'COUNT',
  fc.integer({ min: 1, max: 30 }).map((number) => [number]),
);

/** Rules that we accept, with dates inside and outside of them. */
const rules = fc.record({
  rule: fc
    .oneof(
      fc.tuple(fc.constant('FREQ=DAILY'), months, days, monthDay),
      fc.tuple(fc.constant('FREQ=WEEKLY'), months, days, week, place),
      fc.tuple(fc.constant('FREQ=MONTHLY'), months, nthDays, monthDay, place),
      fc.tuple(fc.constant('FREQ=YEARLY'), months, monthDay, place),
      fc.tuple(fc.constant('FREQ=YEARLY;BYMONTH=2,7'), nthDays, place),
    )
    .map((parts) => parts.join(''))
    .filter((text) => !text.includes('BYSETPOS') || /BY(DAY|MONTHDAY|MONTH)=/.test(text)),
  interval: fc.integer({ min: 1, max: 5 }),
  count,
  start: fc
    .integer({ min: 0, max: 3_000 })
    .map((day) => Temporal.PlainDate.from('2024-01-01').add({ days: day })),
});

test('a rule gives the same dates as another calendar', () => {
  fc.assert(
    fc.property(rules, ({ rule, interval, count: times, start }) => {
      const text = `${rule};INTERVAL=${interval}${times}`;
      const last = start.add({ years: yearsAhead });
      const ours = datesOf(parseRule(text), start, start, last).take(datesMax).map(String).toArray();
      const peer = new RRuleTemporal({
        rruleString: `DTSTART:${String(start).replaceAll('-', '')}T120000Z\nRRULE:${text}`,
      });
      const theirs = peer
        .between(new Date(`${start}T00:00:00Z`), new Date(`${last}T23:59:59Z`), true)
        .slice(0, datesMax)
        .map((date) => date.toPlainDate().toString());
      expect(ours, `${text} from ${start}`).toEqual(theirs);
    }),
    { numRuns: 100 },
  );
});
