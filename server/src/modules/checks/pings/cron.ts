import { Temporal } from '#platform/temporal';

/**
 * Five-field cron expressions as Debian's cron reads them, in a time zone. When the clocks change, a job at a fixed
 * time runs once: right after a gap that contains its time, or at the first of two equal times. A job whose minute or
 * hour is a wildcard follows the local time.
 */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  /** `L`: the last day of the month. */
  readonly lastDay: boolean;
  readonly months: ReadonlySet<number>;
  /** `LW`: the last day of the month from Monday to Friday. */
  readonly lastWorkday: boolean;
  readonly weekdays: ReadonlySet<number>;
  /** `fri#2`: the second Friday of the month. `5L`: the last Friday, with nth -1. */
  readonly nthWeekdays: readonly { readonly weekday: number; readonly nth: number }[];
  /** When both the day of the month and the weekday are restricted, either may match. Otherwise both must match. */
  readonly eitherDay: boolean;
  readonly fixedTime: boolean;
}

const names = {
  months: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  weekdays: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
} as const;

const nicknames: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/**
 * Worst case: 29 February on a given weekday. Leap years are at most 8 years apart (1896 to 1904), plus one year to be
 * safe.
 */
const daysSearchedMax = 366 * 9;
/** Clocks change by at most this much. So a time in a later hour may still come before one that was already found. */
const overlapHoursMax = 3;

/** @throws Error with a text for the person who typed the expression. */
export function parseCron(text: string): Cron {
  const plain = nicknames[text.trim().toLowerCase()] ?? text.trim();
  const [minute, hour, day, month, weekday, ...more] = plain.split(/\s+/);
  if (
    minute === undefined ||
    hour === undefined ||
    day === undefined ||
    month === undefined ||
    weekday === undefined ||
    more.length > 0
  )
    throw new Error('must have five fields: minute, hour, day of the month, month, day of the week');
  const weekdays = parseWeekdays(weekday);
  const days = parseDays(day);
  return {
    minutes: parseField(minute, { name: 'minute', min: 0, max: 59 }),
    hours: parseField(hour, { name: 'hour', min: 0, max: 23 }),
    ...days,
    months: parseField(month, { name: 'month', min: 1, max: 12, words: names.months }),
    ...weekdays,
    eitherDay: !day.startsWith('*') && !weekday.startsWith('*'),
    fixedTime: !minute.startsWith('*') && !hour.startsWith('*'),
  };
}

function parseDays(text: string): Pick<Cron, 'days' | 'lastDay' | 'lastWorkday'> {
  const parts = text.toUpperCase().split(',');
  const plain = parts.filter((part) => part !== 'L' && part !== 'LW');
  return {
    days:
      plain.length === 0
        ? new Set()
        : parseField(plain.join(','), { name: 'day of the month', min: 1, max: 31 }),
    lastDay: parts.includes('L'),
    lastWorkday: parts.includes('LW'),
  };
}

const weekdayField = { name: 'day of the week', min: 0, max: 7, words: names.weekdays, cycle: 7 };

function parseWeekdays(text: string): Pick<Cron, 'weekdays' | 'nthWeekdays'> {
  const weekdays = new Set<number>();
  const nthWeekdays: { weekday: number; nth: number }[] = [];
  for (const part of text.split(',')) {
    const [, name, nth] = /^(\w+?)(?:#(\d+)|L)$/i.exec(part) ?? [];
    if (name === undefined) for (const value of parseField(part, weekdayField)) weekdays.add(value % 7);
    else
      nthWeekdays.push({
        weekday: numberOf(name, weekdayField) % 7,
        nth: nth === undefined ? -1 : nthOf(nth, part),
      });
  }
  return { weekdays, nthWeekdays };
}

function nthOf(text: string, part: string): number {
  const nth = Number(text);
  if (!(nth >= 1 && nth <= 5)) throw new Error(`has "${part}" as day of the week; use 1 to 5`);
  return nth;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words?: readonly string[];
  /** The number of values before they start again, so that Friday to Monday is a range. */
  readonly cycle?: number;
}

function parseField(text: string, field: Field): Set<number> {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d{1,2}))?$/.exec(part);
    if (match === null) throw new Error(`has "${part}" as ${field.name}, which cannot be read`);
    const [, from, to, step] = match;
    const first = from === undefined ? field.min : numberOf(from, field);
    const single = step === undefined ? first : field.max;
    const end = from === undefined ? field.max : to === undefined ? single : numberOf(to, field);
    const by = step === undefined ? 1 : Number(step);
    const last = end < first && to !== undefined ? end + (field.cycle ?? 0) : end;
    if (by < 1 || last < first) throw new Error(`has "${part}" as ${field.name}, which matches no time`);
    for (let value = first; value <= last; value += by)
      values.add(field.cycle === undefined ? value : value % field.cycle);
  }
  return values;
}

function numberOf(text: string, { name, min, max, words = [] }: Field): number {
  const word = words.indexOf(text.toLowerCase());
  const value = word >= 0 ? word + (min === 0 ? 0 : 1) : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max))
    throw new Error(`has "${text}" as ${name}; it must be from ${min} to ${max}`);
  return value;
}

/** The first time after `afterMs`, in milliseconds since the epoch; null when there is none. */
export function nextTime(cron: Cron, timezone: string, afterMs: number): number | null {
  const start = Temporal.Instant.fromEpochMilliseconds(afterMs).toZonedDateTimeISO(timezone);
  let date = start.toPlainDate();
  for (let day = 0; day <= daysSearchedMax; day += 1) {
    if (matchesDay(cron, date)) {
      const firstHour = day === 0 ? start.hour - overlapHoursMax : 0;
      const found = nextOnDay(cron, timezone, date, afterMs, firstHour);
      if (found !== null) return found;
    }
    date = date.add({ days: 1 });
  }
  return null;
}

function matchesDay(cron: Cron, date: Temporal.PlainDate): boolean {
  if (!cron.months.has(date.month)) return false;
  const byDay =
    cron.days.has(date.day) ||
    (cron.lastDay && date.day === date.daysInMonth) ||
    (cron.lastWorkday && date.day === lastWorkdayOf(date));
  const weekday = date.dayOfWeek % 7;
  const byWeekday =
    cron.weekdays.has(weekday) ||
    cron.nthWeekdays.some(
      (one) =>
        one.weekday === weekday &&
        (one.nth === -1 ? date.day > date.daysInMonth - 7 : one.nth === Math.ceil(date.day / 7)),
    );
  return cron.eitherDay ? byDay || byWeekday : byDay && byWeekday;
}

function lastWorkdayOf(date: Temporal.PlainDate): number {
  const last = date.with({ day: date.daysInMonth });
  return last.day - Math.max(0, last.dayOfWeek - 5);
}

function nextOnDay(
  cron: Cron,
  timezone: string,
  date: Temporal.PlainDate,
  afterMs: number,
  firstHour: number,
): number | null {
  let best: { at: number; hour: number } | null = null;
  for (const hour of [...cron.hours].sort((one, other) => one - other)) {
    if (hour < firstHour) continue;
    if (best !== null && hour > best.hour + overlapHoursMax) break;
    for (const minute of cron.minutes)
      for (const at of instantsOf(cron, timezone, date.toPlainDateTime({ hour, minute })))
        if (at > afterMs && (best === null || at < best.at)) best = { at, hour };
  }
  return best === null ? null : best.at;
}

function instantsOf(cron: Cron, timezone: string, wall: Temporal.PlainDateTime): number[] {
  const earlier = wall.toZonedDateTime(timezone, { disambiguation: 'earlier' });
  if (!earlier.toPlainDateTime().equals(wall)) {
    // This local time does not exist: the clock jumps over it.
    const leap = cron.fixedTime ? earlier.getTimeZoneTransition('next') : null;
    return leap === null ? [] : [leap.epochMilliseconds];
  }
  if (cron.fixedTime) return [earlier.epochMilliseconds];
  const later = wall.toZonedDateTime(timezone, { disambiguation: 'later' });
  return [earlier.epochMilliseconds, later.epochMilliseconds];
}
