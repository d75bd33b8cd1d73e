import type { Holiday, OpeningHours, OpeningPeriod, Weekday } from '@watchkeeper/contracts/inventory';
import { weekdays } from './opening';

/** The contract's bounds; its schemas are too heavy to load for two numbers. */
export const periodsPerDayMax = 8;
export const holidaysMax = 400;

export const usualPeriod: OpeningPeriod = { open: '09:00', close: '18:00' };

export const closedWeek: OpeningHours = {};
/** Where somebody begins who says that the site is not open around the clock. */
export const usualWeek: OpeningHours = Object.fromEntries(weekdays.map((day) => [day, [usualPeriod]]));

/** A day that is left out is closed, so an empty one goes. */
export function withDay(hours: OpeningHours, day: Weekday, periods: readonly OpeningPeriod[]): OpeningHours {
  const { [day]: _, ...others } = hours;
  return periods.length === 0 ? others : { ...others, [day]: [...periods] };
}

/** Every day as this one. */
export function sameEveryDay(hours: OpeningHours, day: Weekday): OpeningHours {
  return weekdays.reduce((week, each) => withDay(week, each, hours[day] ?? []), hours);
}

/** The next stretch begins where the last one ended, e.g. after lunch. */
export function nextPeriod(periods: readonly OpeningPeriod[]): OpeningPeriod {
  const last = periods.at(-1);
  if (last === undefined) return usualPeriod;
  const [hour = 0] = last.close.split(':').map(Number);
  const later = (hours: number) => `${String(Math.min(23, hour + hours)).padStart(2, '0')}:00`;
  return last.close <= last.open || last.close === '24:00'
    ? usualPeriod
    : { open: later(1), close: later(4) };
}

/** 24:00 is midnight, which a time field writes as 00:00; both mean the end of this day. */
export function fieldTime(time: string): string {
  return time === '24:00' ? '00:00' : time;
}

export function endsNextDay({ open, close }: OpeningPeriod): boolean {
  return close !== '24:00' && close !== '00:00' && close <= open;
}

export function withHolidays(hours: OpeningHours, holidays: readonly Holiday[]): OpeningHours {
  const { holidays: _, ...week } = hours;
  return holidays.length === 0 ? week : { ...week, holidays: [...holidays] };
}

/** Either closed or with hours, never both: what the server takes. */
export function holidayWith(holiday: Holiday, periods: readonly OpeningPeriod[] | 'closed'): Holiday {
  const { closed: _closed, periods: _periods, ...rest } = holiday;
  return periods === 'closed' || periods.length === 0
    ? { ...rest, closed: true }
    : { ...rest, periods: [...periods] };
}
