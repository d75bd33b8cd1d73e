import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { type Tone, toneOfDevice } from '../../ui/tone';

export const floorFilters = ['wrong', 'unknown', 'fine'] as const;
export type FloorFilter = (typeof floorFilters)[number];

/** Which of the three a device falls under; maintenance is planned, so it counts as fine. */
export function bucketOf({ status }: Pick<DeviceState, 'status'>): FloorFilter {
  if (status === 'unknown') return 'unknown';
  return status === 'online' || status === 'maintenance' ? 'fine' : 'wrong';
}

export function parseFilter(text: string | undefined): FloorFilter | undefined {
  return floorFilters.find((filter) => filter === text);
}

const weightOf: Record<Tone, number> = { problem: 0, attention: 1, unknown: 2, maintenance: 3, ok: 4 };

/** Trouble first. */
function weight({ status }: Pick<DeviceState, 'status'>): number {
  return weightOf[toneOfDevice(status)];
}

export interface AreaGroup {
  id: string;
  name: string | null;
  devices: readonly DeviceState[];
}

/**
 * By area: in the order that somebody gave them, else areas with trouble first, then by name; devices without an
 * area last. Trouble first within each.
 */
export function groupByArea(devices: readonly DeviceState[], language: string): AreaGroup[] {
  const { compare } = new Intl.Collator(language, { numeric: true });
  const groups = Map.groupBy(devices, (device) => device.area?.id ?? '');
  // A floor that was put in order looks like the place: nothing in it changes seats.
  const isOrdered = devices.some((device) => typeof device.area?.position === 'number');
  const placeOf = ({ devices: [first] }: AreaGroup) => first?.area?.position ?? Number.MAX_SAFE_INTEGER;
  const worst = (group: AreaGroup) => Math.min(2, ...group.devices.map(weight));
  return [...groups]
    .map(([id, members]) => ({
      id,
      name: members[0]?.area?.name ?? null,
      devices: members.toSorted((a, b) => weight(a) - weight(b) || compare(a.name, b.name)),
    }))
    .sort((a, b) => {
      const first = isOrdered ? 0 : worst(a) - worst(b);
      if (first !== 0) return first;
      if (a.name === null || b.name === null) return Number(a.name === null) - Number(b.name === null);
      return placeOf(a) - placeOf(b) || compare(a.name, b.name);
    });
}
