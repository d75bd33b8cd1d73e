import Type, { type Static } from 'typebox';
import { fieldOf } from '../../item-list.ts';
import { clean, macOf, notAfter } from '../../kind.ts';
import type { SourceObject } from '../../reading.ts';

export const Device = Type.Object({
  id: Type.Integer(),
  parentDeviceId: Type.Optional(Type.Unknown()),
  nodeClass: Type.Optional(Type.Unknown()),
  approvalStatus: Type.Optional(Type.Unknown()),
  offline: Type.Boolean(),
  displayName: Type.Optional(Type.Unknown()),
  systemName: Type.Optional(Type.Unknown()),
  dnsName: Type.Optional(Type.Unknown()),
  netbiosName: Type.Optional(Type.Unknown()),
  lastContact: Type.Optional(Type.Unknown()),
  macAddresses: Type.Optional(Type.Unknown()),
  maintenance: Type.Optional(Type.Unknown()),
});
export type Device = Static<typeof Device>;
export const HealthRow = Type.Object({
  deviceId: Type.Integer(),
  healthStatus: Type.Optional(Type.Unknown()),
  parentOffline: Type.Optional(Type.Unknown()),
  alertCount: Type.Optional(Type.Unknown()),
});
export type HealthRow = Static<typeof HealthRow>;
export const Activity = Type.Object({
  id: Type.Integer(),
  activityTime: Type.Optional(Type.Unknown()),
  deviceId: Type.Optional(Type.Unknown()),
  statusCode: Type.Optional(Type.Unknown()),
});
export type Activity = Static<typeof Activity>;

/** A device with unreadable data is unknown, not gone. Without an id it is left out. */
export function oddObject(value: unknown): SourceObject | undefined {
  const id = fieldOf(value, 'id');
  if (typeof id !== 'number' || !Number.isInteger(id)) return undefined;
  return {
    externalId: String(id),
    name: clean(fieldOf(value, 'displayName')) || clean(fieldOf(value, 'systemName')) || String(id),
    state: 'unknown',
    reason: 'NinjaOne does not say whether it is offline.',
    whenAbsent: 'missing',
    details: {},
  };
}

export function toObject(
  device: Device,
  health: HealthRow | undefined,
  activity: Activity | undefined,
  now: number,
): SourceObject | undefined {
  // The device was removed from NinjaOne. It goes missing, which is not offline.
  if (device.approvalStatus === 'DECOMMISSIONED') return undefined;
  const systemName = clean(device.systemName);
  const name = clean(device.displayName) || systemName || String(device.id);
  const hostname = clean(device.dnsName) || systemName || clean(device.netbiosName);
  const addresses = Array.isArray(device.macAddresses) ? device.macAddresses : [];
  const lastContact = notAfter(secondsMs(device.lastContact), now);
  // The agent that monitors a switch may be offline while the switch works.
  const unheard = health?.parentOffline === true;
  return {
    externalId: String(device.id),
    name,
    hostname: hostname === '' ? null : hostname,
    macs: addresses.flatMap((text) => macOf(text) ?? []).slice(0, 16),
    state: unheard ? 'unknown' : device.offline ? 'offline' : 'online',
    ...(unheard ? { reason: 'The agent that watches it is offline itself.' } : {}),
    since: device.offline && !unheard ? lastContact : null,
    whenAbsent: 'missing',
    details: {
      last_contact: lastContact?.toISOString() ?? null,
      class: clean(device.nodeClass, 60),
      health: clean(health?.healthStatus, 40) || null,
      alerts: typeof health?.alertCount === 'number' ? health.alertCount : null,
      in_maintenance: isInMaintenance(device.maintenance),
      ...(activity === undefined ? {} : { last_activity: activityOf(activity, now) }),
    },
  };
}

function activityOf(activity: Activity, now: number) {
  return {
    at: notAfter(secondsMs(activity.activityTime), now)?.toISOString() ?? null,
    what: clean(activity.statusCode, 80),
  };
}

function isInMaintenance(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'status' in value && value.status === 'IN_MAINTENANCE'
  );
}

/** NinjaOne's times are seconds with a fraction. */
function secondsMs(value: unknown): number | undefined {
  return typeof value === 'number' ? value * 1_000 : undefined;
}
