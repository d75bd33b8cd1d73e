import { dayMs, minuteMs } from './time';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(timeZone, format);
  return format;
}

/** "2026-11-21T18:42": an instant by the clock of a place, as date pickers take it. */
export function clockText(at: number, timeZone: string): string {
  return formatOf(timeZone).format(at).replace(' ', 'T');
}

/** How far the clock of a place is ahead of UTC at an instant. */
export function offsetAt(at: number, timeZone: string): number {
  const minute = Math.floor(at / minuteMs) * minuteMs;
  return Date.parse(`${clockText(minute, timeZone)}Z`) - minute;
}

/**
 * The instant at which the clock of a place shows this. A time that the clock shows twice is the first of the two,
 * one that it leaps over is as much later as the leap is long: what date libraries call "compatible".
 */
export function instantOf(text: string, timeZone: string): number {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return Number.NaN;
  // Whatever the zone, its offset a day before and a day after is the one before and after any change near by.
  const candidates = [offsetAt(asUtc - dayMs, timeZone), offsetAt(asUtc + dayMs, timeZone)].map(
    (offset) => asUtc - offset,
  );
  const shown = candidates.filter((at) => clockText(at, timeZone) === text);
  return shown.length > 0 ? Math.min(...shown) : (candidates[0] ?? Number.NaN);
}
