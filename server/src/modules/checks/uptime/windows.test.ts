import { expect, test } from 'vitest';
import { calendarDays, uptimeWindows } from './windows.ts';

const hours = ({ from, to }: { from: Date; to: Date }) => (to.getTime() - from.getTime()) / 3_600_000;

test.each([
  ['in spring a week has an hour less', '2026-03-09T16:00:00Z', 'America/New_York', 167],
  ['in autumn a week has an hour more', '2026-11-02T17:00:00Z', 'America/New_York', 169],
  ['without a change a week has 168 hours', '2026-03-09T16:00:00Z', 'UTC', 168],
  ['a change of half an hour counts as half an hour', '2026-04-06T00:00:00Z', 'Australia/Lord_Howe', 168.5],
])('%s, and 24 hours stay 24 hours', (_what, now, zone, week) => {
  const [day, seven] = uptimeWindows(new Date(now), zone);
  expect(day && hours(day)).toBe(24);
  expect(seven && hours(seven)).toBe(week);
});

test('local days go from midnight to midnight, today until now, without a hole', () => {
  const days = calendarDays(new Date('2026-03-09T16:00:00Z'), 'America/New_York', 3);
  expect(days.map(({ key }) => key)).toEqual(['2026-03-07', '2026-03-08', '2026-03-09']);
  expect(days.map(hours)).toEqual([24, 23, 12]);
  for (const [index, day] of days.entries()) if (index > 0) expect(day.from).toEqual(days[index - 1]?.to);
});

test('a day without a midnight begins at its first moment', () => {
  // Chile's clocks jump from 00:00 to 01:00.
  const [, day] = calendarDays(new Date('2026-09-07T12:00:00Z'), 'America/Santiago', 3);
  expect(day).toMatchObject({ key: '2026-09-06', from: new Date('2026-09-06T04:00:00Z') });
  expect(day && hours(day)).toBe(23);
});
