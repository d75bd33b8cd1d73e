import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { inOrganization, type VersionCheck } from '../work.ts';
import { getDevice } from './get-device.ts';
import { removeDevices } from './remove-devices.ts';

/** For good: the device and its token go, and its slug is free again. */
export async function deleteDevice(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  check: VersionCheck,
): Promise<void> {
  requirePermission(scope, 'inventory:write');
  await inOrganization(ctx, scope, async (work) => {
    const device = await getDevice(work.tx, scope, reference, true);
    check(device.version);
    await removeDevices(work, [device]);
  });
}
