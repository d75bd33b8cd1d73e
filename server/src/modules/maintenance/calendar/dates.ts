import { Temporal } from '#platform/temporal';
import type { Rule } from './rule.ts';

/**
 * The local dates of a rule that begins on `start`, in order, up to `last`. A `start` that does not match its own rule
 * is not one of its dates; COUNT counts only dates that match. Without COUNT, periods before `from` are skipped at
 * once.
 */
export function* datesOf(
  rule: Rule,
  start: Temporal.PlainDate,
  from: Temporal.PlainDate,
  last: Temporal.PlainDate,
): Generator<Temporal.PlainDate> {
  let counted = 0;
  const skipped = rule.count === null && isBefore(start, from) ? periodsBetween(rule, start, from) : 0;
  // The loop ends because each period begins later than the one before, and it stops after `last`.
  for (let index = skipped; ; index += 1) {
    const period = periodAt(rule, start, index);
    if (isBefore(last, period)) return;
    for (const date of picked(rule, datesInPeriod(rule, start, period))) {
      if (isBefore(date, start)) continue;
      if (isBefore(last, date)) return;
      counted += 1;
      if (!isBefore(date, from)) yield date;
      if (counted === rule.count) return;
    }
  }
}

/** BYSETPOS counts all dates of a period, also those before the start. */
function picked({ bySetPos }: Rule, dates: readonly Temporal.PlainDate[]): readonly Temporal.PlainDate[] {
  if (bySetPos.length === 0) return dates;
  return dates.filter((_, index) => bySetPos.includes(index + 1) || bySetPos.includes(index - dates.length));
}

function isBefore(a: Temporal.PlainDate, b: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(a, b) < 0;
}

/** The first day of the rule's `index`-th period: a day, a week, a month or a year. */
function periodAt(rule: Rule, start: Temporal.PlainDate, index: number): Temporal.PlainDate {
  const steps = index * rule.interval;
  switch (rule.frequency) {
    case 'DAILY':
      return start.add({ days: steps });
    case 'WEEKLY':
      return weekOf(start, rule.weekStart).add({ weeks: steps });
    case 'MONTHLY':
      return start.with({ day: 1 }).add({ months: steps });
    case 'YEARLY':
      return start.with({ month: 1, day: 1 }).add({ years: steps });
  }
}

function weekOf(date: Temporal.PlainDate, weekStart: number): Temporal.PlainDate {
  return date.subtract({ days: (date.dayOfWeek - weekStart + 7) % 7 });
}

const unitOf = { DAILY: 'days', WEEKLY: 'weeks', MONTHLY: 'months', YEARLY: 'years' } as const;

/** How many whole periods lie before the one that contains `from`. One too few is harmless. */
function periodsBetween(rule: Rule, start: Temporal.PlainDate, from: Temporal.PlainDate): number {
  const unit = unitOf[rule.frequency];
  const units = periodAt(rule, start, 0).until(from, { largestUnit: unit })[unit];
  return Math.max(0, Math.floor(units / rule.interval) - 1);
}

function datesInPeriod(
  rule: Rule,
  start: Temporal.PlainDate,
  period: Temporal.PlainDate,
): Temporal.PlainDate[] {
  switch (rule.frequency) {
    case 'DAILY':
      return matchesDay(rule, period) ? [period] : [];
    case 'WEEKLY': {
      const weekdays = rule.byDay.length === 0 ? [start.dayOfWeek] : rule.byDay.map(({ weekday }) => weekday);
      return range(7)
        .map((day) => period.add({ days: day }))
        .filter((date) => weekdays.includes(date.dayOfWeek) && inMonths(rule, date));
    }
    case 'MONTHLY':
      return inMonths(rule, period) ? datesInMonth(rule, start, period) : [];
    case 'YEARLY':
      return monthsOfYear(rule, start).flatMap((month) => datesInMonth(rule, start, period.with({ month })));
  }
}

function monthsOfYear(rule: Rule, start: Temporal.PlainDate): number[] {
  if (rule.byMonth.length > 0) return [...rule.byMonth].sort((a, b) => a - b);
  return rule.byMonthDay.length > 0 ? range(12).map((index) => index + 1) : [start.month];
}

function datesInMonth(
  rule: Rule,
  start: Temporal.PlainDate,
  month: Temporal.PlainDate,
): Temporal.PlainDate[] {
  const days = range(month.daysInMonth).map((index) => month.with({ day: index + 1 }));
  // A month without such a day is skipped, as RFC 5545 says: there is no 31 April.
  if (rule.byDay.length === 0 && rule.byMonthDay.length === 0)
    return days.filter((date) => date.day === start.day);
  return days.filter((date) => matchesMonthDay(rule, date) && matchesWeekday(rule, date));
}

function matchesDay(rule: Rule, date: Temporal.PlainDate): boolean {
  return inMonths(rule, date) && matchesMonthDay(rule, date) && matchesWeekday(rule, date);
}

function inMonths(rule: Rule, date: Temporal.PlainDate): boolean {
  return rule.byMonth.length === 0 || rule.byMonth.includes(date.month);
}

function matchesMonthDay(rule: Rule, date: Temporal.PlainDate): boolean {
  if (rule.byMonthDay.length === 0) return true;
  return rule.byMonthDay.some((day) => (day > 0 ? day : date.daysInMonth + day + 1) === date.day);
}

function matchesWeekday(rule: Rule, date: Temporal.PlainDate): boolean {
  if (rule.byDay.length === 0) return true;
  const fromStart = Math.ceil(date.day / 7);
  const fromEnd = -Math.ceil((date.daysInMonth - date.day + 1) / 7);
  return rule.byDay.some(
    ({ weekday, nth }) => weekday === date.dayOfWeek && (nth === 0 || nth === fromStart || nth === fromEnd),
  );
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
