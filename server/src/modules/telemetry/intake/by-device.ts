import type { IntakeItem } from './item.ts';

/** In order of device key, as every writer takes their rows; those of one device in the device's own order. */
export function groupByDevice(items: readonly IntakeItem[]): Map<number, IntakeItem[]> {
  const groups = new Map<number, IntakeItem[]>();
  const sorted = items.toSorted((one, other) => one.device.key - other.device.key);
  for (const item of sorted) {
    const group = groups.get(item.device.key);
    if (group === undefined) groups.set(item.device.key, [item]);
    else group.push(item);
  }
  for (const group of groups.values()) group.sort(inOwnOrder);
  return groups;
}

/** A buffer may be read out in any order: the device's own order counts inside a batch. */
function inOwnOrder(one: IntakeItem, other: IntakeItem): number {
  if (!one.buffered || !other.buffered) return one.record.at - other.record.at;
  if (one.record.sentAt !== null && other.record.sentAt !== null)
    return one.record.sentAt - other.record.sentAt;
  if (one.record.sequence !== null && other.record.sequence !== null)
    return one.record.sequence - other.record.sequence;
  return 0;
}
