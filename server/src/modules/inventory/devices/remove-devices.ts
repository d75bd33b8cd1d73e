import { revokeDeviceToken } from '#modules/identity';
import { selectDependents } from '../dependencies/store.ts';
import { announceDevices, announceRemovedDevices, deviceChanged } from '../events.ts';
import { auditChange, type Work } from '../work.ts';
import { type DeviceKey, deleteDeviceRows, touchDevices } from './store.ts';

/** The devices, their tokens and their places in other devices' dependencies. */
export async function removeDevices(work: Work, devices: readonly DeviceKey[]): Promise<void> {
  if (devices.length === 0) return;
  const { ctx, tx, scope } = work;
  const ids = devices.map((device) => device.id);
  const dependents = await selectDependents(tx, scope.organizationId, ids);
  for (const device of devices) {
    await revokeDeviceToken(tx, device.id);
    await auditChange(
      work,
      'deleted',
      { kind: 'device', id: device.id, name: device.slug },
      { before: { slug: device.slug } },
    );
  }
  await deleteDeviceRows(tx, scope.organizationId, ids);
  await touchDevices(tx, scope.organizationId, dependents, work.at);
  await announceRemovedDevices(ctx, tx, scope.organizationId, devices);
  await ctx.live.publish(tx, { organizationId: scope.organizationId, topic: 'device_token', ids });
  await announceDevices(ctx, tx, deviceChanged, scope.organizationId, dependents);
}
