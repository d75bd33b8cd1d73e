import { zoneForWords } from '#platform/temporal';

/** The reader stands at the site: its wall clock, with the zone said. */
export function localTimeText(iso: string, timezone: string | undefined): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone: zoneForWords(timezone ?? 'UTC'),
    timeZoneName: 'short',
  }).format(new Date(iso));
}
