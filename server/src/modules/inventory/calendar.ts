import {
  type Holiday,
  type OpeningHours,
  type OpeningPeriod,
  weekdays,
} from '@watchkeeper/contracts/inventory';
import { Temporal } from '#platform/temporal';

/** How far ahead the next opening or closing is looked for. Beyond it the answer is "not in sight". */
export const lookAheadDaysMax = 400;
/** A stretch longer than this has no closing worth telling: the place is open around the clock. */
const stretchDaysMax = 31;
/** The longest range `openIntervals` works out at once. */
export const intervalDaysMax = 800;

export interface OpenState {
  open: boolean;
  /** When closed: the next opening, if one is in sight. */
  opensAt?: Date;
  /** When open: the closing, unless it is open around the clock. */
  closesAt?: Date;
}

export interface Interval {
  from: Date;
  to: Date;
}

interface Span {
  from: number;
  to: number;
}

/** Is the place open at `instant`? `null` hours mean always. Pure: same hours, zone and instant, same answer. */
export function isOpen(hours: OpeningHours | null, timezone: string, instant: Date): OpenState {
  if (hours === null) return { open: true };
  const at = instant.getTime();
  const today = localDate(timezone, at);
  let openUntil = Number.NEGATIVE_INFINITY;
  const stretchEnd = at + stretchDaysMax * 86_400_000;
  // Yesterday's night may reach into today; where clocks go back over midnight, tomorrow may have begun.
  for (let offset = -1; offset <= lookAheadDaysMax; offset += 1) {
    for (const span of spansOf(hours, timezone, today.add({ days: offset }))) {
      if (span.to <= at) continue;
      if (span.from <= Math.max(at, openUntil)) openUntil = Math.max(openUntil, span.to);
      else if (openUntil > at) return { open: true, closesAt: new Date(openUntil) };
      else return { open: false, opensAt: new Date(span.from) };
    }
    if (openUntil > stretchEnd) return { open: true };
  }
  return openUntil > at ? { open: true, closesAt: new Date(openUntil) } : { open: false };
}

/** The open stretches within [from, to), in order, joined where they touch. For many instants at once. */
export function openIntervals(
  hours: OpeningHours | null,
  timezone: string,
  from: Date,
  to: Date,
): Interval[] {
  const [start, end] = [from.getTime(), to.getTime()];
  if (end - start > intervalDaysMax * 86_400_000)
    throw new RangeError(`openIntervals covers at most ${intervalDaysMax} days.`);
  if (end <= start) return [];
  if (hours === null) return [{ from, to }];
  const joined: Span[] = [];
  const last = localDate(timezone, end).add({ days: 1 });
  let date = localDate(timezone, start).subtract({ days: 1 });
  while (Temporal.PlainDate.compare(date, last) <= 0) {
    for (const span of spansOf(hours, timezone, date)) {
      const clipped = { from: Math.max(span.from, start), to: Math.min(span.to, end) };
      if (clipped.from >= clipped.to) continue;
      const previous = joined.at(-1);
      if (previous !== undefined && clipped.from <= previous.to)
        previous.to = Math.max(previous.to, clipped.to);
      else joined.push(clipped);
    }
    date = date.add({ days: 1 });
  }
  return joined.map((span) => ({ from: new Date(span.from), to: new Date(span.to) }));
}

/** The same window every day, e.g. 09:00-22:00, or 22:00-06:00 over midnight. */
export function everyDay(open: string, close: string): OpeningHours {
  return Object.fromEntries(weekdays.map((day) => [day, [{ open, close }]]));
}

/** Is `instant` within the local window `open`-`close`, on any day? With the next edge of that window. */
export function localTimeWindow(window: OpeningPeriod, timezone: string, instant: Date): OpenState {
  return isOpen(everyDay(window.open, window.close), timezone, instant);
}

/** When business is expected at a site that has set no opening hours. */
export const defaultBusinessWindow: OpeningPeriod = { open: '09:00', close: '22:00' };

/** The hours outside of which a sale is odd: the site's own, else 09:00-22:00 every day. */
export function businessHours(hours: OpeningHours | null): OpeningHours {
  return hours ?? everyDay(defaultBusinessWindow.open, defaultBusinessWindow.close);
}

/** The periods that begin on this local date, as instants in order. */
function spansOf(hours: OpeningHours, timezone: string, date: Temporal.PlainDate): Span[] {
  const spans: Span[] = [];
  for (const period of periodsOn(hours, date)) {
    const span = {
      from: wallInstant(timezone, date, period.open, 'earlier'),
      to: wallInstant(
        timezone,
        period.close <= period.open ? date.add({ days: 1 }) : date,
        period.close,
        'later',
      ),
    };
    if (span.from < span.to) spans.push(span);
  }
  return spans.sort((a, b) => a.from - b.from);
}

/** A holiday replaces its weekday; a period that began the evening before still ends at its own time. */
function periodsOn(hours: OpeningHours, date: Temporal.PlainDate): readonly OpeningPeriod[] {
  const holiday = holidaysOf(hours)?.get(date.toString());
  if (holiday !== undefined) return holiday.periods ?? [];
  const weekday = weekdays[date.dayOfWeek - 1];
  return (weekday === undefined ? undefined : hours[weekday]) ?? [];
}

/** One index per hours object: a year of holidays is looked at once, not once per day. */
const holidayIndexes = new WeakMap<OpeningHours, Map<string, Holiday>>();

function holidaysOf(hours: OpeningHours): Map<string, Holiday> | undefined {
  if (hours.holidays === undefined) return undefined;
  let index = holidayIndexes.get(hours);
  if (index === undefined) {
    index = new Map(hours.holidays.map((holiday) => [holiday.date, holiday]));
    holidayIndexes.set(hours, index);
  }
  return index;
}

function localDate(timezone: string, epochMs: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timezone).toPlainDate();
}

/**
 * The instant of a local wall time. In the autumn overlap a time happens twice: a place opens at the
 * first and closes at the second, so that a sale within the doubled hour is not "after hours". In the
 * spring gap a time does not happen: it means the moment of the jump.
 */
function wallInstant(
  timezone: string,
  date: Temporal.PlainDate,
  time: string,
  overlap: 'earlier' | 'later',
): number {
  const wall =
    time === '24:00'
      ? date.add({ days: 1 }).toPlainDateTime()
      : date.toPlainDateTime(Temporal.PlainTime.from(time));
  const zoned = wall.toZonedDateTime(timezone, { disambiguation: overlap });
  if (zoned.toPlainDateTime().equals(wall)) return zoned.epochMilliseconds;
  const before = wall.toZonedDateTime(timezone, { disambiguation: 'earlier' });
  return (before.getTimeZoneTransition('next') ?? before).epochMilliseconds;
}
