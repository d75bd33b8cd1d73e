import { everything } from '@watchkeeper/contracts/maintenance';
import { escapeText, foldLine, stamp } from '#platform/icalendar';
import type { Dated } from '../windows/read-windows.ts';
import { systemsOf } from '../windows/window.ts';

/**
 * RFC 5545 text. Each occurrence is a separate event in UTC. So calendars show exactly what Watchkeeper does, also in
 * the two nights when the clocks change, where calendars handle recurring events differently. `cutAt`: there are more
 * occurrences after this time, and the calendar says so in its description and on that day.
 */
export function calendarText(name: string, dated: readonly Dated[], now: Date, cutAt: Date | null): string {
  const cut = cutAt === null ? null : cutWords(dated.length, cutAt);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Watchkeeper//Maintenance//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escapeText(`Maintenance: ${name}`)}`,
    ...(cut === null ? [] : [`X-WR-CALDESC:${escapeText(cut)}`]),
    ...dated.flatMap((entry) => eventLines(entry, now)),
    ...(cut === null || cutAt === null ? [] : cutLines(cut, cutAt, now)),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${foldLine(line)}\r\n`).join('');
}

function cutWords(count: number, cutAt: Date): string {
  return `This calendar holds the next ${count} times and ends with ${cutAt.toISOString().slice(0, 10)}; more are planned after that.`;
}

/** An extra event, because calendar programs show days, and few show a calendar's description. */
function cutLines(cut: string, cutAt: Date, now: Date): string[] {
  return [
    'BEGIN:VEVENT',
    'UID:cut@watchkeeper',
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(cutAt)}`,
    `DTEND:${stamp(cutAt)}`,
    'SUMMARY:More maintenance is planned than this calendar holds',
    `DESCRIPTION:${escapeText(cut)}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

function eventLines({ window, occurrence }: Dated, now: Date): string[] {
  const place = window.siteSlug ?? everything;
  const systems = systemsOf(window.scopes).join(', ');
  return [
    'BEGIN:VEVENT',
    `UID:${window.id}-${stamp(occurrence.start)}@watchkeeper`,
    `DTSTAMP:${stamp(now)}`,
    `LAST-MODIFIED:${stamp(window.updatedAt)}`,
    `SEQUENCE:${window.version}`,
    `DTSTART:${stamp(occurrence.start)}`,
    `DTEND:${stamp(occurrence.end)}`,
    `SUMMARY:${escapeText(window.reason)}`,
    `LOCATION:${escapeText(place)}`,
    `DESCRIPTION:${escapeText(`Covers: ${systems}\n${window.suppressAlerts ? 'Alerts are muted.' : 'Alerts are sent.'}`)}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}
