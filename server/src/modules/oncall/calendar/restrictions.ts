import type { OnCallRestriction } from '@watchkeeper/contracts';
import { weekdays } from '@watchkeeper/contracts/inventory';
import { Temporal } from '#platform/temporal';
import { cut, type Span } from './shift.ts';

/** The times within a span at which a layer counts, in order and without overlaps. No restrictions: all of it. */
export function allowedTimes(
  restrictions: readonly OnCallRestriction[],
  timeZone: string,
  span: Span,
): Span[] {
  if (restrictions.length === 0) return [span];
  const dateOf = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate();
  const last = dateOf(span.end);
  const found: Span[] = [];
  // What began the day before may still last.
  for (
    let date = dateOf(span.start).subtract({ days: 2 });
    Temporal.PlainDate.compare(date, last) <= 0;
    date = date.add({ days: 1 })
  ) {
    const day = weekdays[date.dayOfWeek - 1];
    for (const restriction of restrictions)
      if (day !== undefined && restriction.days.includes(day))
        found.push(...cut(timesOn(restriction, date, timeZone), span));
  }
  return united(found);
}

function timesOn({ from, to }: OnCallRestriction, date: Temporal.PlainDate, timeZone: string): Span {
  const at = (day: Temporal.PlainDate, time: string) =>
    day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds;
  return { start: at(date, from), end: at(to > from ? date : date.add({ days: 1 }), to) };
}

function united(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const before = joined.at(-1);
    if (before === undefined || before.end < span.start) joined.push(span);
    else joined[joined.length - 1] = { start: before.start, end: Math.max(before.end, span.end) };
  }
  return joined;
}
