import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { byOrganization, type DomainEvent, defineEvent } from '#platform/events';

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

/** Events stay small: more ids than this become several events. */
export const eventIdsMax = 500;

/** Tells screens and higher floors of devices, once `tx` commits. */
export async function announceDevices(
  ctx: Ctx,
  tx: Tx,
  event: DomainEvent<DevicesHappened>,
  organizationId: string,
  deviceIds: readonly string[],
): Promise<void> {
  const parts = byOrganization(deviceIds, () => organizationId, eventIdsMax);
  await ctx.events.publishAll(
    tx,
    event,
    parts.map(({ items }) => ({ organizationId, deviceIds: items })),
  );
  if (deviceIds.length > 0) await ctx.live.publish(tx, { organizationId, topic: 'device', ids: deviceIds });
}

export async function announceRemovedDevices(
  ctx: Ctx,
  tx: Tx,
  organizationId: string,
  devices: readonly { id: string; key: number }[],
): Promise<void> {
  const parts = byOrganization(devices, () => organizationId, eventIdsMax);
  await ctx.events.publishAll(
    tx,
    deviceRemoved,
    parts.map(({ items }) => ({
      organizationId,
      deviceIds: items.map((device) => device.id),
      deviceKeys: items.map((device) => device.key),
    })),
  );
  if (devices.length > 0)
    await ctx.live.publish(tx, { organizationId, topic: 'device', ids: devices.map((device) => device.id) });
}

export async function announceSite(ctx: Ctx, tx: Tx, organizationId: string, siteId: string): Promise<void> {
  await ctx.events.publish(tx, siteChanged, { organizationId, siteIds: [siteId] });
  await ctx.live.publish(tx, { organizationId, topic: 'site', ids: [siteId] });
}
