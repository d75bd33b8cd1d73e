import { zoneForWords } from '#platform/temporal';
import type { DeviceFact, SiteFact } from './facts.ts';

/** Clocks, counts and lists, as a verdict writes them. */

const namesMax = 5;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** "14:02:10": in the time zone of the site. */
export function clockWords(at: Date, { timezone }: Pick<SiteFact, 'timezone'>): string {
  const timeZone = zoneForWords(timezone);
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('sv-SE', { timeStyle: 'medium', timeZone });
    clocks.set(timeZone, clock);
  }
  return clock.format(at);
}

/** "at 14:02:10", or "between 14:02:10 and 14:02:41". */
export function spanWords(from: Date, to: Date, site: Pick<SiteFact, 'timezone'>): string {
  const [start, end] = [clockWords(from, site), clockWords(to, site)];
  return start === end ? `at ${start}` : `between ${start} and ${end}`;
}

export function devicesWords(count: number): string {
  return count === 1 ? '1 device' : `${count} devices`;
}

/** "bay_1_pc, bay_2_pc and 3 more" */
export function namesWords(names: readonly string[]): string {
  const shown = names.slice(0, namesMax);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

export function slugsOf(devices: readonly Pick<DeviceFact, 'slug'>[]): string[] {
  return devices.map((device) => device.slug).toSorted();
}
