import { Temporal } from '#platform/temporal';
import type { UptimeWindow } from './store.ts';

export const uptimeDays = [7, 30, 90] as const;
export const uptimeDaysMax = 90;
const dayMs = 86_400_000;

/**
 * 24 hours are exactly 24 hours. Days are calendar days of the site: seven days ago is the same local time, so a week
 * with a change of the clocks is an hour longer or shorter.
 */
export function uptimeWindows(now: Date, timezone: string): UptimeWindow[] {
  const here = zoned(now, timezone);
  return [
    { key: '24h', from: new Date(now.getTime() - dayMs), to: now },
    ...uptimeDays.map((days) => ({
      key: `${days}d`,
      from: new Date(here.subtract({ days }).epochMilliseconds),
      to: now,
    })),
  ];
}

/** The last days of the site, from midnight to midnight, oldest first. Today ends now. */
export function calendarDays(now: Date, timezone: string, count: number): UptimeWindow[] {
  const today = zoned(now, timezone).toPlainDate();
  return Array.from({ length: count }, (_, index) => {
    const date = today.subtract({ days: count - 1 - index });
    const start = new Date(date.toZonedDateTime(timezone).epochMilliseconds);
    const end = new Date(date.add({ days: 1 }).toZonedDateTime(timezone).epochMilliseconds);
    return { key: date.toString(), from: start, to: end < now ? end : now };
  });
}

function zoned(at: Date, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timezone);
}
