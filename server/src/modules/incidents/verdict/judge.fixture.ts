import type { VerdictKind } from '@watchkeeper/contracts';
import type { ActivityFact, CheckFact, DeviceFact, SiteFacts, SourceFact } from './facts.ts';

/** Facts of a site for tests: everything is well, until a case says otherwise. */

export const start = new Date('2026-03-02T14:00:00Z');

/** So many seconds after the outage began. */
export function at(seconds: number): Date {
  return new Date(start.getTime() + seconds * 1000);
}

export function facts(given: Partial<SiteFacts> = {}): SiteFacts {
  return {
    site: { name: 'Dartmouth', timezone: 'UTC', hours: { open: true, closedSince: null } },
    devices: [],
    checks: [],
    sources: [],
    activity: [],
    elsewhere: null,
    watchGaps: [],
    ...given,
  };
}

export const closed = (since: Date | null): SiteFacts['site'] => ({
  name: 'Dartmouth',
  timezone: 'UTC',
  hours: { open: false, closedSince: since },
});

export function device(slug: string, given: Partial<DeviceFact> = {}): DeviceFact {
  return {
    slug,
    area: null,
    status: 'online',
    lastHeardAt: at(300),
    hasAgent: true,
    underMaintenance: false,
    silence: null,
    onlyKnownBy: null,
    ...given,
  };
}

export function lost(slug: string, from: number, given: Partial<DeviceFact> = {}): DeviceFact {
  const silence = { from: at(from), to: null };
  return device(slug, { status: 'offline', lastHeardAt: at(from), silence, ...given });
}

export function back(slug: string, from: number, to: number, given: Partial<DeviceFact> = {}): DeviceFact {
  return device(slug, { silence: { from: at(from), to: at(to) }, ...given });
}

export const never = (slug: string): DeviceFact =>
  device(slug, { status: 'unknown', lastHeardAt: null, hasAgent: false });

/** Devices bay_1_pc, bay_2_pc, ... in areas bay_1, bay_2, ... */
export function bays(
  count: number,
  make: (slug: string, index: number) => DeviceFact,
  first = 1,
): DeviceFact[] {
  return Array.from({ length: count }, (_, index) => ({
    ...make(`bay_${first + index}_pc`, index),
    area: `bay_${first + index}`,
  }));
}

export function check(
  slug: string,
  outcome: CheckFact['outcome'],
  seconds: number,
  given: Partial<CheckFact> = {},
): CheckFact {
  return { slug, device: null, reachesSite: true, outcome, at: at(seconds), ...given };
}

export function source(given: Partial<SourceFact> = {}): SourceFact {
  return {
    slug: 'rmm',
    name: 'NinjaOne',
    fresh: true,
    down: false,
    readAt: at(290),
    saysOnline: [],
    ...given,
  };
}

export function activity(kind: ActivityFact['kind'], seconds: number): ActivityFact {
  return { kind, at: at(seconds) };
}

/** What is expected: the verdict, its confidence from and to, and words that the reasons must have. */
export interface Expected {
  readonly kind: VerdictKind | null;
  readonly confidence?: readonly [from: number, to: number];
  readonly says?: readonly string[];
  readonly doubts?: readonly string[];
  readonly systems?: readonly string[];
}
export type Case = readonly [name: string, given: Partial<SiteFacts>, expected: Expected];

export const all = (count: number, step = 2) => bays(count, (slug, index) => lost(slug, index * step));
export const rmmOnly = (count: number) =>
  bays(count, (slug) =>
    device(slug, { status: 'unknown', hasAgent: false, onlyKnownBy: 'rmm', lastHeardAt: at(-60) }),
  );
export const stale = source({ fresh: false, readAt: at(-60) });
export const healthy = { devices: 40, quietDevices: 1, sites: 8, quietSites: 0 };
export const collapsed = { devices: 40, quietDevices: 30, sites: 8, quietSites: 6 };
