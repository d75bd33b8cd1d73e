export interface ZoneGroup {
  region: string;
  zones: readonly string[];
}

let local: string | undefined;

/** The browser's zone, asked once: each time on a page asks, and an answer costs a formatter. */
export function localTimeZone(): string {
  local ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return local;
}

/** The zone, or UTC where this browser does not know it: a form must open all the same. */
export function usableZone(zone: string): string {
  try {
    Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    return 'UTC';
  }
}

/** Every zone this browser knows, by region; `extra` is kept even where the browser lists it under another name. */
export function zoneGroups(extra: string): ZoneGroup[] {
  const all = new Set([...Intl.supportedValuesOf('timeZone'), extra, 'UTC']);
  const byRegion = new Map<string, string[]>();
  for (const zone of [...all].sort()) {
    const slash = zone.indexOf('/');
    const region = slash === -1 ? 'Other' : zone.slice(0, slash);
    const zones = byRegion.get(region);
    if (zones === undefined) byRegion.set(region, [zone]);
    else zones.push(zone);
  }
  return [...byRegion].map(([region, zones]) => ({ region, zones }));
}

/** "Argentina/Buenos Aires" for "America/Argentina/Buenos_Aires". */
export function zoneCity(zone: string): string {
  return zone.slice(zone.indexOf('/') + 1).replaceAll('_', ' ');
}
