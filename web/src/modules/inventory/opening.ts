import type { Site, Weekday } from '@watchkeeper/contracts/inventory';
import { dayMs, formatClock, formatDate } from '../../lib/time';
import { t } from '../../messages';

/** The contract's order; its list comes with the schemas, which are too heavy to load for seven words. */
export const weekdays: readonly Weekday[] = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
];

/** "Open now until 22:00", "Closed until 09:00": what the server judged, in the site's own time. */
export function openingNow(
  site: Pick<Site, 'opening_hours' | 'open_now' | 'opens_at' | 'closes_at' | 'timezone'>,
  now: number,
): string {
  if (site.opening_hours === null) return t.site.alwaysOpen;
  if (site.open_now) {
    return site.closes_at === null
      ? t.site.openNow
      : t.site.openUntil(localTime(site.closes_at, site.timezone, now));
  }
  return site.opens_at === null
    ? t.site.closed
    : t.site.closedUntil(localTime(site.opens_at, site.timezone, now));
}

function localTime(at: string, timeZone: string, now: number): string {
  const time = Date.parse(at);
  const clock = formatClock(time, t.language, { timeZone });
  return Math.abs(time - now) < dayMs ? clock : `${formatDate(time, t.language, timeZone)}, ${clock}`;
}

export interface DayHours {
  day: Weekday;
  text: string;
}

/** The week from Monday, one line a day. */
export function weekOf(hours: NonNullable<Site['opening_hours']>): DayHours[] {
  return weekdays.map((day) => {
    const periods = hours[day] ?? [];
    const text = periods.map(({ open, close }) => `${open}–${close}`).join(', ');
    return { day, text: text === '' ? t.site.closedDay : text };
  });
}

export function weekdayAt(now: number, timeZone: string): Weekday | undefined {
  const name = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone }).format(now).toLowerCase();
  return weekdays.find((day) => day === name);
}
