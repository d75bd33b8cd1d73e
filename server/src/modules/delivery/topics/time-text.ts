import { zoneForWords } from '#platform/temporal';

const unitSeconds = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;
/** "2 hours 5 minutes" says enough; the seconds of a long time are noise. */
const unitsShownMax = 2;

export function durationText(fromIso: string, toIso: string): string {
  let left = Math.max(0, Math.round((Date.parse(toIso) - Date.parse(fromIso)) / 1000));
  const parts: string[] = [];
  for (const [unit, seconds] of unitSeconds) {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
    else if (parts.length > 0) break;
    if (parts.length === unitsShownMax) break;
  }
  return parts.length === 0 ? 'less than a second' : parts.join(' ');
}

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
