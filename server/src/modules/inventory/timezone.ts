import { Temporal } from '#platform/temporal';

/** The IANA name in its own spelling ("europe/berlin" -> "Europe/Berlin"); undefined when there is no such zone. */
export function normalizeTimeZone(text: string): string | undefined {
  // Offsets such as +01:00 know no daylight saving time: they are no place's time zone.
  if (!/^[A-Za-z]/.test(text)) return undefined;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
  } catch {
    return undefined;
  }
}
