import type { OpeningHours } from '@watchkeeper/contracts/inventory';
import { expect, test } from 'vitest';
import { endsNextDay, holidayWith, nextPeriod, sameEveryDay, withDay, withHolidays } from './hours-draft';

const day = { open: '09:00', close: '18:00' };

test('a day without hours is left out, and one day can stand for the week', () => {
  expect(withDay({ monday: [day], friday: [day] }, 'monday', [])).toEqual({ friday: [day] });
  const hours: OpeningHours = { tuesday: [day], holidays: [{ date: '2026-12-25', closed: true }] };
  const week = sameEveryDay(hours, 'tuesday');
  expect([week.monday, week.sunday, week.holidays]).toEqual([[day], [day], hours.holidays]);
  expect(sameEveryDay(hours, 'monday')).toEqual({ holidays: hours.holidays });
});

test('a second period begins after the first, so that a lunch break is one press', () => {
  expect(nextPeriod([])).toEqual(day);
  expect(nextPeriod([{ open: '09:00', close: '12:00' }])).toEqual({ open: '13:00', close: '16:00' });
});

test('closing at or before opening means the next day; midnight is the end of this day', () => {
  expect(endsNextDay({ open: '18:00', close: '02:00' })).toBe(true);
  expect(endsNextDay({ open: '18:00', close: '24:00' })).toBe(false);
  expect(endsNextDay(day)).toBe(false);
});

test('a holiday is closed or has hours, never both', () => {
  const holiday = { date: '2026-12-25', name: 'Christmas', closed: true };
  expect(holidayWith(holiday, [day])).toEqual({ date: '2026-12-25', name: 'Christmas', periods: [day] });
  expect(holidayWith(holidayWith(holiday, [day]), 'closed')).toEqual(holiday);
  expect(holidayWith(holiday, [])).toEqual(holiday);
  expect(withHolidays({ holidays: [holiday] }, [])).toEqual({});
});
