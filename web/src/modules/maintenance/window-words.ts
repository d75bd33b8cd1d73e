import type { MaintenanceWindow } from '@watchkeeper/contracts/maintenance';
import { formatClock, formatDuration } from '../../lib/time';
import { clockText, offsetAt } from '../../lib/zoned';
import { t } from '../../messages';
import { type DayText, dayAt, type Spanned } from './days';
import { everything } from './place-words';
import { type Recurrence, recurrenceOf } from './recurrence';

/** Any Monday: the names of weekdays are read off a real week. */
const mondayUtc = Date.UTC(2024, 0, 1);
const dayMs = 86_400_000;

export function weekdayName(weekday: number, style: 'long' | 'short' = 'long'): string {
  const format = new Intl.DateTimeFormat(t.language, { weekday: style, timeZone: 'UTC' });
  return format.format(mondayUtc + (weekday - 1) * dayMs);
}

/** "21 Nov" or "Saturday 21 November", without any clock. */
export function dayName(day: DayText, style: 'short' | 'long' = 'short'): string {
  const at = Date.parse(`${day}T00:00Z`);
  const parts =
    style === 'short'
      ? ({ day: 'numeric', month: 'short' } as const)
      : ({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const);
  return new Intl.DateTimeFormat(t.language, { ...parts, timeZone: 'UTC' }).format(at);
}

export function monthName(day: DayText): string {
  return new Intl.DateTimeFormat(t.language, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${day}T00:00Z`),
  );
}

/** "Tue 24 Nov, 06:00 to 07:30", by the clock of a place. */
export function spanWords({ start_time, end_time }: Spanned, timeZone: string): string {
  const [start, end] = [Date.parse(start_time), Date.parse(end_time)];
  const day = (at: number) =>
    new Intl.DateTimeFormat(t.language, {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      timeZone,
    }).format(at);
  const clock = (at: number) => formatClock(at, t.language, { timeZone });
  const to = dayAt(start, timeZone) === dayAt(end, timeZone) ? clock(end) : `${day(end)}, ${clock(end)}`;
  return `${day(start)}, ${clock(start)} – ${to}`;
}

/** The effect of a clock change on one occurrence; undefined: none. */
export function clockNote({ start_time, end_time }: Spanned, timeZone: string): string | undefined {
  const [start, end] = [Date.parse(start_time), Date.parse(end_time)];
  const shift = offsetAt(end, timeZone) - offsetAt(start, timeZone);
  if (shift === 0) return undefined;
  const words = shift > 0 ? t.maintenance.dst.shorter : t.maintenance.dst.longer;
  return words(formatDuration(end - start + shift), formatDuration(end - start));
}

function ruleWords(recurrence: Recurrence, startDay: DayText): string {
  const words = t.maintenance.sentence;
  const every = Number(recurrence.interval);
  switch (recurrence.frequency) {
    case 'daily':
      return words.daily(every);
    case 'weekly':
      return words.weekly(
        every,
        recurrence.weekdays.map((weekday) => weekdayName(weekday)),
      );
    case 'monthly_day':
      return words.monthlyDay(every, recurrence.dayOfMonth);
    case 'monthly_weekday':
      return words.monthlyWeekday(
        every,
        t.maintenance.nth[String(recurrence.nth)] ?? '',
        weekdayName(recurrence.weekdays[0] ?? 1),
      );
    case 'yearly':
      return words.yearly(every, dayName(startDay));
    default:
      return words.own(recurrence.own);
  }
}

/** "Every week on Tuesday until 31 Dec, 06:00 to 07:30." */
export function scheduleWords(window: Spanned & { timezone: string; recurrence: string | null }): string {
  const { timezone: zone, recurrence: rule } = window;
  const [start, end] = [Date.parse(window.start_time), Date.parse(window.end_time)];
  const words = t.maintenance.sentence;
  const clock = (at: number) => formatClock(at, t.language, { timeZone: zone });
  const [startDay, endDay] = [dayAt(start, zone), dayAt(end, zone)];
  if (rule === null) {
    const moment = (at: number, day: DayText) => `${dayName(day)}, ${clock(at)}`;
    return words.once(moment(start, startDay), startDay === endDay ? clock(end) : moment(end, endDay));
  }
  const recurrence = recurrenceOf(rule);
  const days = Math.round((Date.parse(`${endDay}T00:00Z`) - Date.parse(`${startDay}T00:00Z`)) / dayMs);
  const to =
    days === 0 ? clock(end) : days === 1 ? words.nextDay(clock(end)) : words.daysLater(clock(end), days);
  const plain = ruleWords(recurrence, startDay);
  const bounded =
    recurrence.ends === 'date'
      ? words.until(plain, `${dayName(recurrence.until)} ${recurrence.until.slice(0, 4)}`)
      : recurrence.ends === 'count'
        ? words.count(plain, Number(recurrence.count))
        : plain;
  return words.recurring(bounded, clock(start), to);
}

/** "everything" or "gate-1, type trackman_pc". */
export function systemsWords({ systems }: Pick<MaintenanceWindow, 'systems'>): string {
  if (systems.includes(everything)) return t.maintenance.everything;
  return systems
    .map((system) => {
      const [, kind, slug] = /^(area|device|type|check):(.*)$/.exec(system) ?? [];
      const word = Object.entries(t.maintenance.systemKind).find(([name]) => name === kind)?.[1];
      return word === undefined || slug === undefined ? system : `${word} ${slug}`;
    })
    .join(', ');
}

/** "2026-11-21T18:42" by the clock of a place, for date fields. */
export function fieldTime(at: string | number, timeZone: string): string {
  return clockText(typeof at === 'number' ? at : Date.parse(at), timeZone);
}
