import { describe, expect, test } from 'vitest';
import { Temporal } from '#platform/temporal';
import { nextTime, parseCron } from './cron.ts';

/** The next `count` times in the zone's own words. */
function times(expression: string, timezone: string, after: string, count: number): string[] {
  const found: string[] = [];
  let at = Date.parse(after);
  for (let index = 0; index < count; index += 1) {
    const next = nextTime(parseCron(expression), timezone, at);
    if (next === null) break;
    found.push(
      Temporal.Instant.fromEpochMilliseconds(next)
        .toZonedDateTimeISO(timezone)
        .toString({ timeZoneName: 'never', smallestUnit: 'minute' }),
    );
    at = next;
  }
  return found;
}

describe('an expression', () => {
  test.each<[string, string, string[]]>([
    ['*/15 * * * *', '2026-11-21T08:07:00Z', ['08:15', '08:30', '08:45', '09:00']],
    ['5,35 9-10 * * *', '2026-11-21T09:05:00Z', ['09:35', '10:05', '10:35', '09:05']],
    ['0 8/6 * * *', '2026-11-21T00:00:00Z', ['08:00', '14:00', '20:00', '08:00']],
    ['@hourly', '2026-11-21T08:59:59Z', ['09:00', '10:00']],
  ])('%s names times of the day', (expression, after, expected) => {
    const found = times(expression, 'UTC', after, expected.length);
    expect(found.map((time) => time.slice(11, 16))).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ['0 0 1 * *', ['2026-12-01', '2027-01-01']],
    ['0 0 L * *', ['2026-11-30', '2026-12-31', '2027-01-31', '2027-02-28']],
    ['0 0 * * MON-WED', ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-30']],
    ['0 0 * * 7', ['2026-11-22', '2026-11-29']],
    // Restricted both ways: the 13th, and every Friday.
    ['0 0 13 * fri', ['2026-11-27', '2026-12-04', '2026-12-11', '2026-12-13']],
    // A wildcard with a step restricts both together.
    ['0 0 */2 * mon', ['2026-11-23', '2026-12-07', '2026-12-21']],
    ['0 0 29 feb *', ['2028-02-29', '2032-02-29']],
    ['0 0 * * fri#2', ['2026-12-11', '2027-01-08', '2027-02-12']],
    ['0 0 * * 5#5', ['2027-01-29', '2027-04-30', '2027-07-30']],
    ['0 0 * * 5L', ['2026-11-27', '2026-12-25', '2027-01-29', '2027-02-26']],
    ['0 0 * * friL', ['2026-11-27', '2026-12-25']],
    ['0 0 * * 0L,7#1', ['2026-11-29', '2026-12-06', '2026-12-27', '2027-01-03']],
    ['0 0 * * mon#1,wed', ['2026-11-25', '2026-12-02', '2026-12-07', '2026-12-09']],
    ['0 0 * * fri-mon', ['2026-11-22', '2026-11-23', '2026-11-27', '2026-11-28']],
    ['0 0 * * FRI-SUN', ['2026-11-22', '2026-11-27', '2026-11-28', '2026-11-29']],
    ['0 0 * * sat-tue/2', ['2026-11-23', '2026-11-28', '2026-11-30', '2026-12-05']],
    ['0 0 * * 6-1', ['2026-11-22', '2026-11-23', '2026-11-28']],
    ['0 0 * * 5-7', ['2026-11-22', '2026-11-27', '2026-11-28', '2026-11-29']],
    ['0 0 LW * *', ['2026-11-30', '2026-12-31', '2027-01-29', '2027-02-26']],
    ['0 0 15,L * *', ['2026-11-30', '2026-12-15', '2026-12-31']],
    // Restricted both ways: the last Friday, and the first of each month.
    ['0 0 1 * 5L', ['2026-11-27', '2026-12-01', '2026-12-25', '2027-01-01']],
    ['0 0 */2 * 5L', ['2026-11-27', '2026-12-25', '2027-01-29']],
  ])('%s names days', (expression, expected) => {
    const found = times(expression, 'UTC', '2026-11-21T12:00:00Z', expected.length);
    expect(found.map((time) => time.slice(0, 10))).toEqual(expected);
  });

  test('without an existing day has no next time', () => {
    expect(nextTime(parseCron('0 0 30 2 *'), 'UTC', Date.parse('2026-01-01T00:00:00Z'))).toBeNull();
  });

  test.each([
    ['* * * *', /five fields/],
    ['* * * * * *', /five fields/],
    ['60 * * * *', /"60" as minute/],
    ['* 24 * * *', /"24" as hour/],
    ['* * 0 * *', /"0" as day of the month/],
    ['* * * 13 *', /month/],
    ['* * * * 8', /day of the week/],
    ['*/0 * * * *', /matches no time/],
    ['10-5 * * * *', /matches no time/],
    ['a b c d e', /"e" as day of the week/],
    ['1,,2 * * * *', /minute/],
    ['@fortnightly', /five fields/],
    ['0 0 * * fri#6', /"fri#6" as day of the week; use 1 to 5/],
    ['0 0 * * fri#0', /use 1 to 5/],
    ['0 0 * * 8L', /"8" as day of the week/],
    ['0 0 * * xL', /"x" as day of the week/],
    ['0 0 * * fri#', /cannot be read/],
    ['0 0 20-10 * *', /matches no time/],
  ])('%s is refused with a reason', (expression, words) => {
    expect(() => parseCron(expression)).toThrow(words);
  });
});

describe('across a change of the clocks', () => {
  test('a skipped fixed time is due once, right after the jump', () => {
    expect(times('30 2 * * *', 'America/Halifax', '2026-03-07T12:00:00Z', 2)).toEqual([
      '2026-03-08T03:00-03:00',
      '2026-03-09T02:30-03:00',
    ]);
  });

  test('a fixed time that comes twice is due the first time only', () => {
    expect(times('30 1 * * *', 'America/Halifax', '2026-10-31T12:00:00Z', 2)).toEqual([
      '2026-11-01T01:30-03:00',
      '2026-11-02T01:30-04:00',
    ]);
  });

  test('a wildcard follows local time: a doubled hour counts twice, a skipped one never', () => {
    expect(times('0,30 * * * *', 'Europe/Berlin', '2026-10-24T23:45:00Z', 5)).toEqual([
      '2026-10-25T02:00+02:00',
      '2026-10-25T02:30+02:00',
      '2026-10-25T02:00+01:00',
      '2026-10-25T02:30+01:00',
      '2026-10-25T03:00+01:00',
    ]);
    expect(times('0,30 * * * *', 'Europe/Berlin', '2026-03-29T00:15:00Z', 3)).toEqual([
      '2026-03-29T01:30+01:00',
      '2026-03-29T03:00+02:00',
      '2026-03-29T03:30+02:00',
    ]);
  });

  test('zones that change by half an hour, and skipped days, are no exception', () => {
    expect(times('45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T00:00:00Z', 2)).toEqual([
      '2026-04-05T01:45+11:00',
      '2026-04-06T01:45+10:30',
    ]);
    // Samoa crossed the date line and skipped 30 December 2011.
    expect(times('0 9 * * *', 'Pacific/Apia', '2011-12-29T12:00:00Z', 2)).toEqual([
      '2011-12-29T09:00-10:00',
      '2011-12-31T00:00+14:00',
    ]);
  });

  test('the times of three days are found in order, and none twice', () => {
    const cron = parseCron('*/20 * * * *');
    let at = Date.parse('2026-10-31T00:00:00Z');
    for (let index = 0; index < 24 * 3 * 3; index += 1) {
      const next = nextTime(cron, 'America/Halifax', at);
      expect(next).toBe(at + 20 * 60_000);
      at = next ?? 0;
    }
  });
});
