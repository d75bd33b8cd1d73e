import { durationWords } from '@watchkeeper/contracts/figures';
import { localTimeZone } from './time-zones';

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Below this age a moment is "just now": the figures would only flicker. */
const justNowMs = 2 * secondMs;
/** Relative words stop helping here; a date says more. */
const relativeMsMax = 30 * dayMs;

const steps = [
  { ms: dayMs, unit: 'day' },
  { ms: hourMs, unit: 'hour' },
  { ms: minuteMs, unit: 'minute' },
  { ms: secondMs, unit: 'second' },
] as const;

interface Formats {
  relative: Intl.RelativeTimeFormat;
  now: string;
}

function formatsOf(language: string): Formats {
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'always', style: 'short' });
  const now = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(0, 'second');
  return { relative, now };
}

/** "4 sec. ago" with its dot reads as two sentences; other languages want theirs. */
function withoutEnglishDots(text: string, language: string): string {
  return language === 'en' ? text.replace('.', '') : text;
}

const formatsByLanguage = new Map<string, Formats>();

/** "3 min ago", "in 2 hr", "now"; a date once the moment is more than a month away. */
export function formatRelative(at: number, now: number, language: string, timeZone?: string): string {
  let formats = formatsByLanguage.get(language);
  if (formats === undefined) {
    formats = formatsOf(language);
    formatsByLanguage.set(language, formats);
  }
  const ms = at - now;
  const distance = Math.abs(ms);
  if (distance < justNowMs) return formats.now;
  if (distance > relativeMsMax) return formatDate(at, language, timeZone);
  for (const { ms: size, unit } of steps) {
    if (distance >= size)
      return withoutEnglishDots(formats.relative.format(Math.trunc(ms / size), unit), language);
  }
  return formats.now;
}

/** "3 min 10 s", "2 h 5 min", "4 d 3 h": the two largest units of whole seconds. */
export function formatDuration(ms: number): string {
  return durationWords(Math.max(0, Math.round(ms / secondMs)));
}

type DateStyle = Intl.DateTimeFormatOptions;

const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** Constructing a formatter costs far more than using it; lists format hundreds of times. */
function dateFormat(language: string, style: DateStyle): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(style)}`;
  let format = dateFormats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language, style);
    dateFormats.set(key, format);
  }
  return format;
}

const clockStyle: DateStyle = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

/** "18:42", or "18:42:14" with seconds; in the browser's zone unless one is given. */
export function formatClock(
  at: number,
  language: string,
  options: { timeZone?: string; seconds?: boolean } = {},
): string {
  const style: DateStyle = { ...clockStyle };
  if (options.seconds === true) style.second = '2-digit';
  if (options.timeZone !== undefined) style.timeZone = options.timeZone;
  return dateFormat(language, style).format(at);
}

/** The day in the browser's zone unless one is given. What belongs to a site gives the site's. */
export function formatDate(at: number, language: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  return dateFormat(language, { day: 'numeric', month: 'short', year: 'numeric', ...zone }).format(at);
}

/** The whole truth for titles and tables: date, time to the second, zone (the browser's unless one is given). */
export function formatExact(at: number, language: string, timeZone?: string): string {
  return dateFormat(language, {
    ...clockStyle,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    second: '2-digit',
    timeZoneName: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(at);
}

/** The clock alone for today, with the date for any other day. */
export function formatMoment(at: number, now: number, language: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = dateFormat(language, { day: 'numeric', month: 'short', year: 'numeric', ...zone });
  const clock = dateFormat(language, { ...clockStyle, ...zone, ...foreignName(timeZone) }).format(at);
  return day.format(at) === day.format(now) ? clock : `${day.format(at)}, ${clock}`;
}

/** To the second, for rows that stand under a head that names the zone: the date only when it was another day. */
export function formatSecond(at: number, now: number, language: string, timeZone: string): string {
  const day = dateFormat(language, { day: 'numeric', month: 'short', timeZone });
  const clock = formatClock(at, language, { timeZone, seconds: true });
  return day.format(at) === day.format(now) ? clock : `${day.format(at)}, ${clock}`;
}

/** A clock that is not the reader's says whose it is. */
function foreignName(timeZone: string | undefined): DateStyle {
  return timeZone === undefined || timeZone === localTimeZone() ? {} : { timeZoneName: 'short' };
}
