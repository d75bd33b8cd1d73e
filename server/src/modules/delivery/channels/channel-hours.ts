import { weekdays } from '@watchkeeper/contracts/inventory';
import type { ChannelHours } from '@watchkeeper/contracts/routing';
import { Temporal, zoneForWords } from '#platform/temporal';

const daysPerWeek = weekdays.length;

/** Whether the clock of the zone stands within the hours. Hours that end on the next day belong to the day they begin. */
export function isWithin({ weekdays: days, from, to }: ChannelHours, timezone: string, now: Date): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(
    zoneForWords(timezone),
  );
  const clock = local.toPlainTime().toString({ smallestUnit: 'minute' });
  const today = local.dayOfWeek - 1;
  const begins = (index: number) => days.some((day) => day === weekdays[(index + daysPerWeek) % daysPerWeek]);
  if (from < to) return begins(today) && from <= clock && clock < to;
  return (begins(today) && from <= clock) || (begins(today - 1) && clock < to);
}

/** "monday, friday 08:00 to 18:00, America/Halifax". */
export function hoursWords({ weekdays: days, from, to }: ChannelHours, timezone: string): string {
  const inOrder = weekdays.filter((day) => days.includes(day));
  const when = inOrder.length === daysPerWeek ? 'every day' : inOrder.join(', ');
  return `${when} ${from} to ${to}, ${timezone}`;
}

export function isKnownZone(timezone: string): boolean {
  return zoneForWords(timezone) === timezone;
}
