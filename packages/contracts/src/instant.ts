/** RFC 3339: `T` or a space, lower case allowed, fractions to nanoseconds, `Z` or an offset. */
const pattern =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Years of four digits in UTC as well, whatever the offset: others are written in a form that few read again. */
const instantMin = Date.parse('0001-01-01T00:00:00Z');
const instantMax = Date.parse('9999-12-31T23:59:59.999Z');
const minuteMs = 60_000;
const leapYear = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysIn = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The one reading of a date-time in bodies, queries and manifests: milliseconds since the epoch (finer is cut), or
 * undefined for what is no time: 30 February, hour 24, minute 60. A leap second (23:59:60 UTC) is the second after it,
 * as clocks that cannot count it have it.
 */
export function parseInstant(text: string): number | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Six;
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 60) return undefined;
  const [offsetHour, offsetMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (offsetHour > 23 || offsetMinute > 59) return undefined;
  const offset = (offsetHour * 60 + offsetMinute) * (match[8] === '-' ? -1 : 1);
  const ms = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  // Date.UTC takes the years below 100 for those of the last century.
  const at = new Date(Date.UTC(2000, month - 1, day, hour, minute, second, ms)).setUTCFullYear(
    second === 60 && month === 12 && day === 31 && hour === 23 && minute === 59 ? year + 1 : year,
  );
  const instant = at - offset * minuteMs;
  if (instant < instantMin || instant > instantMax) return undefined;
  if (second === 60 && !endsDay(instant - ms - 1)) return undefined;
  return instant;
}

/** Safe because the pattern has these six groups of digits. */
type Six = [number, number, number, number, number, number];

function isDay(year: number, month: number, day: number): boolean {
  const days = month === 2 && leapYear(year) ? 29 : daysIn[month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

/** A leap second is the last of a day in UTC, whatever the wall says. */
function endsDay(ms: number): boolean {
  const at = new Date(ms);
  return at.getUTCHours() === 23 && at.getUTCMinutes() === 59;
}

export function isInstant(text: string): boolean {
  return parseInstant(text) !== undefined;
}

/** A text that a schema accepted as `date-time`. @throws RangeError for any other text */
export function toInstant(text: string): Date {
  const at = parseInstant(text);
  if (at === undefined) throw new RangeError(`"${text.slice(0, 64)}" is not a date and time.`);
  return new Date(at);
}
