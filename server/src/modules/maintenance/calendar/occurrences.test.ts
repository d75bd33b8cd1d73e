import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '#platform/temporal';
import {
  instantOf,
  nextOccurrence,
  type Occurrence,
  occurrencesFrom,
  overlapsItself,
  type Schedule,
} from './occurrences.ts';

const at = (text: string) => new Date(text);

function take(schedule: Schedule, count: number, from = schedule.startAt): Occurrence[] {
  return occurrencesFrom(schedule, from).take(count).toArray();
}

const utc = (occurrences: readonly Occurrence[]) =>
  occurrences.map(
    ({ start, end }) => `${start.toISOString().slice(0, 16)} ${end.toISOString().slice(0, 16)}`,
  );

/** Local times in `timezone`. */
function plan(timezone: string, start: string, end: string, recurrence: string | null): Schedule {
  const wall = (text: string) => new Date(instantOf(timezone, Temporal.PlainDateTime.from(text)));
  return { startAt: wall(start), endAt: wall(end), timezone, recurrence };
}

describe('a weekly window keeps its local time over both changes of the clocks', () => {
  it.each([
    [
      'America/Halifax in spring: the window lacks the skipped hour',
      plan('America/Halifax', '2026-03-01T01:00', '2026-03-01T05:00', 'FREQ=WEEKLY'),
      [
        '2026-03-01T05:00 2026-03-01T09:00',
        '2026-03-08T05:00 2026-03-08T08:00',
        '2026-03-15T04:00 2026-03-15T08:00',
      ],
    ],
    [
      'America/Halifax in autumn: the window has the doubled hour twice',
      plan('America/Halifax', '2026-10-25T00:30', '2026-10-25T04:00', 'FREQ=WEEKLY'),
      [
        '2026-10-25T03:30 2026-10-25T07:00',
        '2026-11-01T03:30 2026-11-01T08:00',
        '2026-11-08T04:30 2026-11-08T08:00',
      ],
    ],
    [
      'Europe/Berlin in spring',
      plan('Europe/Berlin', '2026-03-22T01:00', '2026-03-22T05:00', 'FREQ=WEEKLY;BYDAY=SU'),
      [
        '2026-03-22T00:00 2026-03-22T04:00',
        '2026-03-29T00:00 2026-03-29T03:00',
        '2026-04-04T23:00 2026-04-05T03:00',
      ],
    ],
    [
      'Europe/Berlin in autumn',
      plan('Europe/Berlin', '2026-10-18T01:00', '2026-10-18T05:00', 'FREQ=WEEKLY;BYDAY=SU'),
      [
        '2026-10-17T23:00 2026-10-18T03:00',
        '2026-10-24T23:00 2026-10-25T04:00',
        '2026-11-01T00:00 2026-11-01T04:00',
      ],
    ],
    [
      'Europe/Berlin, begun in winter and first computed in summer',
      plan('Europe/Berlin', '2026-01-06T22:00', '2026-01-07T02:00', 'FREQ=WEEKLY;COUNT=3'),
      [
        '2026-01-06T21:00 2026-01-07T01:00',
        '2026-01-13T21:00 2026-01-14T01:00',
        '2026-01-20T21:00 2026-01-21T01:00',
      ],
    ],
  ])('%s', (_case, schedule, expected) => {
    expect(utc(take(schedule, 3))).toEqual(expected);
  });

  it('begins at the jump when its start is skipped, and keeps its length when all of it is skipped', () => {
    const start = plan('Europe/Berlin', '2026-03-22T02:30', '2026-03-22T04:00', 'FREQ=WEEKLY');
    expect(utc(take(start, 2))[1]).toBe('2026-03-29T01:00 2026-03-29T02:00');
    const all = plan('Europe/Berlin', '2026-03-22T02:15', '2026-03-22T02:45', 'FREQ=WEEKLY');
    expect(utc(take(all, 2))[1]).toBe('2026-03-29T01:00 2026-03-29T01:30');
  });

  it('happens once, at its two instants, when it does not recur', () => {
    const once = {
      startAt: at('2026-10-25T00:30:00Z'),
      endAt: at('2026-10-25T01:15:00Z'),
      timezone: 'Europe/Berlin',
      recurrence: null,
    };
    expect(take(once, 5)).toEqual([{ start: once.startAt, end: once.endAt }]);
    expect(nextOccurrence(once, once.endAt)).toBeUndefined();
  });
});

describe('a rule gives the dates of RFC 5545', () => {
  const dates = (rule: string, count: number, start = '2026-01-31T10:00') =>
    take(plan('UTC', start, start.replace('T10', 'T11'), rule), count).map(({ start: day }) =>
      day.toISOString().slice(0, 10),
    );
  it.each([
    ['FREQ=DAILY;INTERVAL=10', ['2026-01-31', '2026-02-10', '2026-02-20']],
    ['FREQ=MONTHLY', ['2026-01-31', '2026-03-31', '2026-05-31']],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', ['2026-01-31', '2026-02-28', '2026-03-31']],
    ['FREQ=MONTHLY;BYDAY=2TU', ['2026-02-10', '2026-03-10', '2026-04-14']],
    ['FREQ=MONTHLY;BYDAY=-1FR', ['2026-02-27', '2026-03-27', '2026-04-24']],
    ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', ['2026-02-13', '2026-03-13', '2026-11-13']],
    ['FREQ=YEARLY;BYMONTH=6,12;BYDAY=1SA', ['2026-06-06', '2026-12-05', '2027-06-05']],
    ['FREQ=YEARLY', ['2026-01-31', '2027-01-31', '2028-01-31']],
    ['FREQ=WEEKLY;BYDAY=MO,WE;INTERVAL=2', ['2026-02-09', '2026-02-11', '2026-02-23']],
    ['FREQ=DAILY;BYDAY=SA,SU;BYMONTH=2', ['2026-02-01', '2026-02-07', '2026-02-08']],
    // The last working day of the month, and the one before it.
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', ['2026-02-27', '2026-03-31', '2026-04-30']],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-2', ['2026-02-02', '2026-02-26', '2026-03-02']],
    ['FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=5', ['2026-02-15', '2026-03-15', '2026-04-18']],
    ['FREQ=MONTHLY;BYMONTHDAY=13,14,15;BYSETPOS=2', ['2026-02-14', '2026-03-14', '2026-04-14']],
    ['FREQ=YEARLY;BYMONTH=3,9;BYDAY=SU;BYSETPOS=-1', ['2026-09-27', '2027-09-26', '2028-09-24']],
    ['FREQ=WEEKLY;BYDAY=TU,TH;BYSETPOS=-1', ['2026-02-05', '2026-02-12', '2026-02-19']],
    // BYSETPOS counts within the whole week, also its days before the start.
    ['FREQ=WEEKLY;BYDAY=MO,SU;BYSETPOS=1;COUNT=2', ['2026-02-02', '2026-02-09']],
    ['FREQ=DAILY;COUNT=2', ['2026-01-31', '2026-02-01']],
    ['FREQ=DAILY;UNTIL=20260201', ['2026-01-31', '2026-02-01']],
    ['FREQ=DAILY;UNTIL=20260201T095959Z', ['2026-01-31']],
    ['FREQ=DAILY;UNTIL=20260201T100000', ['2026-01-31', '2026-02-01']],
  ])('%s', (rule, expected) => {
    expect(dates(rule, 3)).toEqual(expected);
  });

  it('the first day of the week decides which weeks are skipped (the example of RFC 5545)', () => {
    const start = '1997-08-05T10:00';
    const rule = (wkst: string) => `FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=${wkst}`;
    expect(dates(rule('MO'), 9, start)).toEqual(['1997-08-05', '1997-08-10', '1997-08-19', '1997-08-24']);
    expect(dates(rule('SU'), 9, start)).toEqual(['1997-08-05', '1997-08-17', '1997-08-19', '1997-08-31']);
  });

  it('a leap day is found; a day that never comes ends the search', () => {
    expect(dates('FREQ=YEARLY', 2, '2096-02-29T10:00')).toEqual(['2096-02-29', '2104-02-29']);
    expect(dates('FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30', 1)).toEqual([]);
  });
});

it('an occurrence that is longer than its period is recognised', () => {
  const lasting = (end: string, rule: string) => overlapsItself(plan('UTC', '2026-01-01T08:00', end, rule));
  expect(lasting('2026-01-02T08:00', 'FREQ=DAILY')).toBe(false);
  expect(lasting('2026-01-02T08:01', 'FREQ=DAILY')).toBe(true);
  expect(lasting('2026-01-03T09:00', 'FREQ=WEEKLY;BYDAY=MO,WE')).toBe(true);
  expect(lasting('2026-01-03T09:00', 'FREQ=WEEKLY')).toBe(false);
});

const zones = ['America/Halifax', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'];
const rules = [
  'FREQ=DAILY',
  'FREQ=DAILY;INTERVAL=3',
  'FREQ=WEEKLY;BYDAY=SU,MO',
  'FREQ=MONTHLY;BYDAY=-1SU,1SU',
  'FREQ=MONTHLY;BYMONTHDAY=1,-1',
  'FREQ=DAILY;COUNT=400',
];
const schedules = fc
  .record({
    timezone: fc.constantFrom(...zones),
    recurrence: fc.constantFrom(...rules),
    minute: fc.integer({ min: 0, max: 60 * 24 * 365 }),
    length: fc.integer({ min: 1, max: 24 * 60 }),
  })
  .map(({ timezone, recurrence, minute, length }): Schedule => {
    const start = Temporal.PlainDateTime.from('2025-06-01T00:00').add({ minutes: minute });
    return plan(timezone, start.toString(), start.add({ minutes: length }).toString(), recurrence);
  })
  .filter((schedule) => schedule.endAt > schedule.startAt && !overlapsItself(schedule));

describe('for any window', () => {
  it('occurrences are in order, have a length, and never overlap', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const found = take(schedule, 300);
        expect(found.length).toBeGreaterThan(0);
        for (const [index, { start, end }] of found.entries()) {
          expect(end.getTime()).toBeGreaterThan(start.getTime());
          const next = found[index + 1];
          if (next !== undefined) expect(next.start.getTime()).toBeGreaterThanOrEqual(end.getTime());
        }
      }),
      { numRuns: 60 },
    );
  });

  it('the start of the search makes no difference', () => {
    fc.assert(
      fc.property(schedules, fc.integer({ min: 0, max: 500 * 24 }), (schedule, hours) => {
        const from = new Date(schedule.startAt.getTime() + hours * 3_600_000);
        const all = take(schedule, 520).filter(({ end }) => end > from);
        const some = take(schedule, 5, from);
        expect(some.slice(0, all.length)).toEqual(all.slice(0, 5));
      }),
      { numRuns: 60 },
    );
  });
});
