import type { DeviceFact, SiteFacts } from './facts.ts';

/** The devices of a site, by what they can say about it. */
export interface Witnesses {
  /** Those that count: seen before, not under maintenance, and known to us at first hand. */
  readonly counted: readonly DeviceFact[];
  /** Of the counted: silent now, or were silent in this incident. By when they fell silent. */
  readonly lost: readonly LostDevice[];
  /** Of the counted: heard all the time. */
  readonly fine: readonly DeviceFact[];
  readonly underMaintenance: readonly DeviceFact[];
  /** They never gave a sign, so their silence says nothing. */
  readonly neverHeard: readonly DeviceFact[];
  /** Lost before this began, for reasons of their own. */
  readonly goneBefore: readonly DeviceFact[];
  /** Only a third party knows them, and it cannot tell now. */
  readonly untold: readonly DeviceFact[];
}

export interface LostDevice extends DeviceFact {
  readonly silence: { readonly from: Date; readonly to: Date | null };
}

export function sortWitnesses({ devices }: Pick<SiteFacts, 'devices'>): Witnesses {
  const underMaintenance = devices.filter(isPlanned);
  const others = devices.filter((device) => !isPlanned(device));
  const neverHeard = others.filter((device) => device.lastHeardAt === null && device.silence === null);
  const seen = others.filter((device) => !neverHeard.includes(device));
  const untold = seen.filter(isUntold);
  const goneBefore = seen.filter(wasGone);
  const counted = seen.filter((device) => !isUntold(device) && !wasGone(device));
  const lost = counted.filter(isLost).toSorted((a, b) => a.silence.from.getTime() - b.silence.from.getTime());
  return {
    counted,
    lost,
    fine: counted.filter((device) => !isLost(device)),
    underMaintenance,
    neverHeard,
    goneBefore,
    untold,
  };
}

function isPlanned(device: DeviceFact): boolean {
  return device.underMaintenance || device.status === 'maintenance';
}

function isUntold(device: DeviceFact): boolean {
  return device.status === 'unknown' && device.silence === null;
}

function wasGone(device: DeviceFact): boolean {
  return (device.status === 'offline' || device.status === 'unresponsive') && device.silence === null;
}

function isLost(device: DeviceFact): device is LostDevice {
  return device.silence !== null;
}

/** When the devices fell silent, and when the last of them was back (null: not all are). */
export interface Fall {
  readonly first: Date;
  readonly last: Date;
  readonly spreadSeconds: number;
  readonly back: number;
  readonly allBackAt: Date | null;
}

/** @param lost at least one, in the order in which they fell silent. */
export function fallOf(lost: readonly LostDevice[]): Fall | undefined {
  const [first, last] = [lost[0]?.silence.from, lost.at(-1)?.silence.from];
  if (first === undefined || last === undefined) return undefined;
  const ends = lost.flatMap(({ silence }) => (silence.to === null ? [] : [silence.to.getTime()]));
  return {
    first,
    last,
    spreadSeconds: (last.getTime() - first.getTime()) / 1000,
    back: ends.length,
    allBackAt: ends.length === lost.length ? new Date(Math.max(...ends)) : null,
  };
}
