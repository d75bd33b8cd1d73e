import { dayMs } from '../../lib/time';
import { clockText, instantOf, offsetAt } from '../../lib/zoned';

/** A day of the calendar without any clock: "2026-11-21". */
export type DayText = string;

const pattern = /^\d{4}-\d{2}-\d{2}$/;

export function isDay(text: string | undefined): text is DayText {
  return text !== undefined && pattern.test(text) && !Number.isNaN(Date.parse(`${text}T00:00Z`));
}

/** The day that a place has at an instant. */
export function dayAt(at: number, timeZone: string): DayText {
  return clockText(at, timeZone).slice(0, 10);
}

function utcOf(day: DayText): number {
  return Date.parse(`${day}T00:00Z`);
}

function textOf(utc: number): DayText {
  return new Date(utc).toISOString().slice(0, 10);
}

export function addDays(day: DayText, days: number): DayText {
  return textOf(utcOf(day) + days * dayMs);
}

/** The same date of another month, or its last day. */
export function addMonths(day: DayText, months: number): DayText {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return textOf(Date.UTC(year, month - 1 + months, Math.min(date, last)));
}

/** 1 Monday ... 7 Sunday. */
export function weekdayOf(day: DayText): number {
  return new Date(utcOf(day)).getUTCDay() || 7;
}

export function mondayOf(day: DayText): DayText {
  return addDays(day, 1 - weekdayOf(day));
}

function days(from: DayText, count: number): DayText[] {
  return Array.from({ length: count }, (_, index) => addDays(from, index));
}

export const calendarViews = ['month', 'week', 'list'] as const;
export type CalendarView = (typeof calendarViews)[number];

const listDays = 60;

/** The days that a view shows: whole weeks for a month. */
export function daysOf(view: CalendarView, day: DayText): DayText[] {
  if (view === 'week') return days(mondayOf(day), 7);
  if (view === 'list') return days(day, listDays);
  const first = `${day.slice(0, 7)}-01`;
  const lastMonday = mondayOf(addDays(addMonths(first, 1), -1));
  const start = mondayOf(first);
  return days(start, Math.round((utcOf(lastMonday) - utcOf(start)) / dayMs) + 7);
}

/** One step of a view back or on. */
export function stepOf(view: CalendarView, day: DayText, step: 1 | -1): DayText {
  if (view === 'month') return addMonths(`${day.slice(0, 7)}-01`, step);
  return addDays(day, step * (view === 'week' ? 7 : listDays));
}

/** From midnight to midnight in a place: 23 or 25 hours when its clocks change. */
export function spanOf(day: DayText, timeZone: string): { from: number; to: number } {
  return {
    from: instantOf(`${day}T00:00`, timeZone),
    to: instantOf(`${addDays(day, 1)}T00:00`, timeZone),
  };
}

export type ClockChange = 'forward' | 'back';

/** Whether the clocks of a place change between two instants. */
export function clockChange(from: number, to: number, timeZone: string): ClockChange | undefined {
  const difference = offsetAt(to, timeZone) - offsetAt(from, timeZone);
  if (difference === 0) return undefined;
  return difference > 0 ? 'forward' : 'back';
}

export interface Spanned {
  readonly start_time: string;
  readonly end_time: string;
}

/** The occurrences of a day, in order of time. */
export function onDay<T extends Spanned>(all: readonly T[], day: DayText, timeZone: string): T[] {
  const { from, to } = spanOf(day, timeZone);
  return all
    .filter((each) => Date.parse(each.start_time) < to && Date.parse(each.end_time) > from)
    .toSorted((a, b) => Date.parse(a.start_time) - Date.parse(b.start_time));
}
