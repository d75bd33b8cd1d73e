import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { type DomainEvent, defineEvent } from '#platform/events';

export interface DevicesHappened {
  organizationId: string;
  /** At most `eventIdsMax`. */
  deviceIds: readonly string[];
}

export const deviceCreated = defineEvent<DevicesHappened>('device.created');
/** Name, place, type or dependencies. */
export const deviceChanged = defineEvent<DevicesHappened>('device.changed');
/** No longer expected and no longer listened to; its history stays. */
export const deviceRetired = defineEvent<DevicesHappened>('device.retired');
/** Back from retirement. */
export const deviceReturned = defineEvent<DevicesHappened>('device.returned');
/** The rows are deleted; the keys are for data stored under them. Same order as `deviceIds`. */
export const deviceRemoved = defineEvent<DevicesHappened & { deviceKeys: readonly number[] }>(
  'device.removed',
);
/**
 * Also when a site is created or removed; a site that cannot be read any more was deleted. Its slug is part
 * of its devices' address.
 */
export const siteChanged = defineEvent<{ organizationId: string; siteIds: readonly string[] }>(
  'site.changed',
);

/** Jobs stay small: more ids than this become several events. */
export const eventIdsMax = 500;

/** Tells screens and higher floors of devices, once `tx` commits. */
export async function announceDevices(
  ctx: Ctx,
  tx: Tx,
  event: DomainEvent<DevicesHappened>,
  organizationId: string,
  deviceIds: readonly string[],
): Promise<void> {
  for (const ids of chunksOf(deviceIds))
    await ctx.events.publish(tx, event, { organizationId, deviceIds: ids });
  if (deviceIds.length > 0) await ctx.live.publish(tx, { organizationId, topic: 'device', ids: deviceIds });
}

export async function announceRemovedDevices(
  ctx: Ctx,
  tx: Tx,
  organizationId: string,
  devices: readonly { id: string; key: number }[],
): Promise<void> {
  for (const some of chunksOf(devices)) {
    await ctx.events.publish(tx, deviceRemoved, {
      organizationId,
      deviceIds: some.map((device) => device.id),
      deviceKeys: some.map((device) => device.key),
    });
  }
  if (devices.length > 0)
    await ctx.live.publish(tx, { organizationId, topic: 'device', ids: devices.map((device) => device.id) });
}

export async function announceSite(ctx: Ctx, tx: Tx, organizationId: string, siteId: string): Promise<void> {
  await ctx.events.publish(tx, siteChanged, { organizationId, siteIds: [siteId] });
  await ctx.live.publish(tx, { organizationId, topic: 'site', ids: [siteId] });
}

function* chunksOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += eventIdsMax)
    yield items.slice(start, start + eventIdsMax);
}
