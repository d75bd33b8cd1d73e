import { escapeText, foldLine, stamp } from '#platform/icalendar';

export interface FeedShift {
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  readonly scheduleId: string;
  readonly scheduleName: string;
  /** null: nobody is on call. */
  readonly person: string | null;
}

interface Frame {
  readonly now: Date;
  /** There are more shifts after this time than the text holds. */
  readonly cutAt: Date | null;
  /** The text holds nothing after this time. */
  readonly until: Date;
}

/** RFC 5545 text. Each shift is an event in UTC, so calendars show what Watchkeeper does when the clocks change. */
export function calendarText(name: string, shifts: readonly FeedShift[], frame: Frame): string {
  const cut = endWords(shifts.length, frame);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Watchkeeper//On call//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escapeText(`On call: ${name}`)}`,
    `X-WR-CALDESC:${escapeText(cut)}`,
    ...shifts.flatMap((shift) => eventLines(shift, frame.now)),
    ...(frame.cutAt === null ? [] : cutLines(cut, frame.cutAt, frame.now)),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${foldLine(line)}\r\n`).join('');
}

function endWords(count: number, { cutAt, until }: Frame): string {
  const day = (cutAt ?? until).toISOString().slice(0, 10);
  return cutAt === null
    ? `This calendar ends with ${day}; it moves on each day.`
    : `This calendar holds ${count} shifts and ends with ${day}; there are more after that.`;
}

/** An extra event, because few calendar programs show a calendar's description. */
function cutLines(cut: string, cutAt: Date, now: Date): string[] {
  return [
    'BEGIN:VEVENT',
    'UID:cut@watchkeeper',
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(cutAt)}`,
    `DTEND:${stamp(cutAt)}`,
    'SUMMARY:There are more shifts than this calendar holds',
    `DESCRIPTION:${escapeText(cut)}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

function eventLines({ start, end, scheduleId, scheduleName, person }: FeedShift, now: Date): string[] {
  const summary =
    person === null ? `Nobody is on call: ${scheduleName}` : `On call: ${person}, ${scheduleName}`;
  return [
    'BEGIN:VEVENT',
    `UID:${scheduleId}-${stamp(new Date(start))}@watchkeeper`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(new Date(start))}`,
    `DTEND:${stamp(new Date(end))}`,
    `SUMMARY:${escapeText(summary)}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}
