import type { MaintenanceWindow } from '@watchkeeper/contracts/maintenance';
import { everything } from './place-words';

/** Where somebody looks: everywhere (nothing given), a site, or one thing. */
export interface Place {
  /** null: of no site, as a check of the organization is. */
  site?: string | null | undefined;
  device?: string | null | undefined;
  area?: string | null | undefined;
  type?: string | null | undefined;
  check?: string | undefined;
}

/** Whether a window covers a place, all of it: a bay under repair is no banner over its site. */
export function covers(
  { location, systems }: Pick<MaintenanceWindow, 'location' | 'systems'>,
  place: Place,
): boolean {
  if (place.site === undefined) return true;
  if (location !== everything && location !== place.site) return false;
  if (systems.includes(everything)) return true;
  const words = new Set<string>();
  for (const kind of ['device', 'area', 'type', 'check'] as const) {
    const name = place[kind];
    if (typeof name !== 'string') continue;
    words.add(`${kind}:${name}`);
    // A bare word is an area or a device; what else there is has its kind before it.
    if (kind === 'device' || kind === 'area') words.add(name);
  }
  return systems.some((system) => words.has(system));
}
