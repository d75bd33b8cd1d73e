import { cutText, oneLine } from '@watchkeeper/contracts/text';
import { Temporal } from '#platform/temporal';
import { datesOf } from './dates.ts';
import { parseRule, type Rule } from './rule.ts';

/** When a window takes place, as stored. */
export interface Schedule {
  readonly startAt: Date;
  readonly endAt: Date;
  readonly timezone: string;
  /** RRULE. null: once, from `startAt` to `endAt`. */
  readonly recurrence: string | null;
  /**
   * For a recurring window whose first local time does not exist because the clocks change: the local times of all
   * other days.
   */
  readonly wall?: WallTimes | null;
}

/** Local times such as 2027-03-28T01:30:00. */
export interface WallTimes {
  readonly start: string;
  readonly end: string;
}

export interface Occurrence {
  readonly start: Date;
  readonly end: Date;
}

/** A rule without a date within this many years has no dates at all. (29 February occurs within them.) */
const lookAheadYears = 9;
const dayMs = 86_400_000;
const faultCharsMax = 200;
/** Limit for the length of one occurrence of a recurring window. */
export const occurrenceDaysMax = 31;

/**
 * The occurrences that end after `from`, in order and without overlaps. A window without recurrence happens at its two
 * instants. A recurring window keeps its local start and its local end: 01:00-05:00 stays 01:00-05:00, and lasts 3 h in
 * the night when the clocks go forward, and 5 h when they go back. A local time that does not exist means the moment of
 * the jump. A local time that occurs twice means the first one. This keeps the order, so occurrences that do not
 * overlap in local time never overlap in real time. An occurrence that lies entirely inside the jump starts at the jump
 * and keeps its length.
 */
export function* occurrencesFrom(schedule: Schedule, from: Date): Generator<Occurrence> {
  if (schedule.recurrence === null) {
    if (schedule.endAt > from) yield { start: schedule.startAt, end: schedule.endAt };
    return;
  }
  const rule = parseRule(schedule.recurrence);
  const wall = wallOf(schedule);
  const today = local(from, schedule.timezone).toPlainDate();
  const lengthDays = Math.ceil((schedule.endAt.getTime() - schedule.startAt.getTime()) / dayMs);
  // Earlier occurrences are over, even if the clocks change.
  const earliest = today.subtract({ days: lengthDays + 1 });
  const first = wall.start.toPlainDate();
  const last = (Temporal.PlainDate.compare(first, today) > 0 ? first : today).add({ years: lookAheadYears });
  for (const date of datesOf(rule, first, earliest, last)) {
    const occurrence = place(schedule, wall, date);
    if (isOver(rule, date, wall, occurrence)) return;
    if (occurrence.end > from) yield occurrence;
  }
}

/** The occurrence at `at`, else the next one. `notBefore` skips occurrences that begin earlier. */
export function nextOccurrence(schedule: Schedule, at: Date, notBefore?: Date): Occurrence | undefined {
  for (const occurrence of occurrencesFrom(schedule, at)) {
    if (notBefore === undefined || occurrence.start >= notBefore) return occurrence;
  }
  return undefined;
}

/**
 * Why no occurrence can be computed, in words; null when they can. A calendar that was valid when it was saved may
 * become unreadable: after a restore, or in a runtime that does not know the time zone.
 */
export function calendarFault(schedule: Schedule): string | null {
  if (schedule.recurrence === null) return null;
  try {
    parseRule(schedule.recurrence);
    wallOf(schedule);
    local(schedule.startAt, schedule.timezone);
    return null;
  } catch (error) {
    return cutText(oneLine(error instanceof Error ? error.message : String(error)), faultCharsMax);
  }
}

/** How many occurrences are searched for an overlap: about nine years of months, two of weeks. */
const overlapLooks = 120;

/** Whether an occurrence overlaps the next one, in local time. */
export function overlapsItself(schedule: Schedule): boolean {
  if (schedule.recurrence === null) return false;
  const rule = parseRule(schedule.recurrence);
  const wall = wallOf(schedule);
  const first = wall.start.toPlainDate();
  let end: Temporal.PlainDateTime | undefined;
  let looks = 0;
  for (const date of datesOf(rule, first, first, first.add({ years: lookAheadYears }))) {
    const start = date.toPlainDateTime(wall.start.toPlainTime());
    if (end !== undefined && Temporal.PlainDateTime.compare(start, end) < 0) return true;
    end = wallEnd(wall, date);
    looks += 1;
    if (looks === overlapLooks) return false;
  }
  return false;
}

interface Wall {
  readonly start: Temporal.PlainDateTime;
  readonly end: Temporal.PlainDateTime;
}

function wallOf({ startAt, endAt, timezone, wall }: Schedule): Wall {
  if (wall != null)
    return { start: Temporal.PlainDateTime.from(wall.start), end: Temporal.PlainDateTime.from(wall.end) };
  const start = local(startAt, timezone).toPlainDateTime();
  const end = local(endAt, timezone).toPlainDateTime();
  // In the night when the clocks go back, a short window may end "before" it starts. Then its length counts.
  return Temporal.PlainDateTime.compare(end, start) > 0
    ? { start, end }
    : { start, end: start.add({ milliseconds: endAt.getTime() - startAt.getTime() }) };
}

function wallEnd(wall: Wall, date: Temporal.PlainDate): Temporal.PlainDateTime {
  const days = wall.start.toPlainDate().until(wall.end.toPlainDate(), { largestUnit: 'days' }).days;
  return date.add({ days }).toPlainDateTime(wall.end.toPlainTime());
}

function place({ timezone }: Schedule, wall: Wall, date: Temporal.PlainDate): Occurrence {
  const start = instantOf(timezone, date.toPlainDateTime(wall.start.toPlainTime()));
  const end = instantOf(timezone, wallEnd(wall, date));
  if (end > start) return { start: new Date(start), end: new Date(end) };
  const length = wall.start.until(wall.end).total({ unit: 'milliseconds' });
  return { start: new Date(start), end: new Date(start + length) };
}

function isOver({ until }: Rule, date: Temporal.PlainDate, wall: Wall, { start }: Occurrence): boolean {
  if (until === null) return false;
  switch (until.kind) {
    case 'date':
      return Temporal.PlainDate.compare(date, until.date) > 0;
    case 'local':
      return Temporal.PlainDateTime.compare(date.toPlainDateTime(wall.start.toPlainTime()), until.at) > 0;
    case 'instant':
      return start.getTime() > until.at.epochMilliseconds;
  }
}

function local(at: Date, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timezone);
}

/** The instant of a local time. See occurrencesFrom for the two nights when the clocks change. */
export function instantOf(timezone: string, wall: Temporal.PlainDateTime): number {
  const zoned = wall.toZonedDateTime(timezone, { disambiguation: 'earlier' });
  if (zoned.toPlainDateTime().equals(wall)) return zoned.epochMilliseconds;
  return (zoned.getTimeZoneTransition('next') ?? zoned).epochMilliseconds;
}
