import type { HeartbeatRecord } from '../history/record.ts';
import type { StateRow } from './careful-store.ts';
import type { IntakeItem } from './item.ts';
import { backlogMsMax, type OrderState, placeInTime, type Stamp } from './judge.ts';
import { toOrderState, toStamp } from './stamp.ts';

/** Retries are looked for this far before the time at which a heartbeat was due. */
const retryLookBackMs = 10 * 60_000;

/** What history holds of a device around the time in question. */
export class Known {
  readonly sentAt = new Set<number>();
  readonly sequences = new Set<number>();

  add(record: HeartbeatRecord): void {
    if (record.sentAt !== null) this.sentAt.add(record.sentAt);
    if (record.sequence !== null) this.sequences.add(record.sequence);
  }

  has(stamp: Stamp): boolean {
    if (stamp.sentAt !== null) return this.sentAt.has(stamp.sentAt);
    return stamp.sequence !== null && this.sequences.has(stamp.sequence);
  }
}

/** Where history must be asked before these devices can be judged. */
export interface Lookup {
  readonly organizationId: string;
  readonly deviceKeys: readonly number[];
  readonly from: Date;
  readonly to: Date;
}

/** Only what does not plainly come after the newest is looked up: a retry of something older would be there. */
export function lookupsOf(
  byDevice: ReadonlyMap<number, readonly IntakeItem[]>,
  states: ReadonlyMap<number, StateRow>,
): Lookup[] {
  const byOrganization = new Map<string, { deviceKeys: number[]; from: number; to: number }>();
  for (const [deviceKey, group] of byDevice) {
    const state = states.get(deviceKey);
    if (state === undefined) continue;
    const order = toOrderState(state);
    for (const item of group) {
      const stamp = toStamp(item);
      if (!mayBeKnown(order, stamp)) continue;
      const window = byOrganization.get(state.organization_id) ?? { deviceKeys: [], from: Infinity, to: 0 };
      byOrganization.set(state.organization_id, window);
      if (window.deviceKeys.at(-1) !== deviceKey) window.deviceKeys.push(deviceKey);
      const due = placeInTime(order, stamp, 'late') - retryLookBackMs;
      window.from = Math.min(window.from, Math.max(due, stamp.receivedAt - backlogMsMax));
      window.to = Math.max(window.to, stamp.receivedAt);
    }
  }
  return [...byOrganization].map(([organizationId, { deviceKeys, from, to }]) => ({
    organizationId,
    deviceKeys,
    from: new Date(from),
    to: new Date(to + 1),
  }));
}

function mayBeKnown(order: OrderState, stamp: Stamp): boolean {
  if (stamp.sentAt === null && stamp.sequence === null) return false;
  if (stamp.buffered) return true;
  const sentStep = stamp.sentAt === null || order.sentAt === null ? 1 : stamp.sentAt - order.sentAt;
  const sequenceStep =
    stamp.sequence === null || order.sequence === null ? 1 : stamp.sequence - order.sequence;
  return sentStep <= 0 || sequenceStep <= 0;
}
