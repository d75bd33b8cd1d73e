import { audit, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { announceDevices, deviceRetired, deviceReturned } from '../events.ts';
import { inOrganization, type VersionCheck } from '../work.ts';
import { getDevice } from './get-device.ts';
import { readSaved } from './save-device.ts';
import { type DeviceRow, setRetired } from './store.ts';

/**
 * The device is not watched any more: detection stops, open alerts end, heartbeats are refused. The token
 * stays, so that one call undoes a mistake. Idempotent.
 */
export function retireDevice(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  check: VersionCheck,
): Promise<DeviceRow> {
  return change(ctx, scope, reference, check, true);
}

/** Watched again from its next heartbeat on. */
export function returnDevice(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  check: VersionCheck,
): Promise<DeviceRow> {
  return change(ctx, scope, reference, check, false);
}

async function change(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  check: VersionCheck,
  retire: boolean,
): Promise<DeviceRow> {
  requirePermission(scope, 'inventory:write');
  return await inOrganization(ctx, scope, async (work) => {
    const device = await getDevice(work.tx, scope, reference, true);
    check(device.version);
    if ((device.retired_at !== null) === retire) return device;
    await setRetired(work.tx, scope.organizationId, device.id, retire ? work.at : null, work.at);
    await audit(work.tx, scope, {
      action: retire ? 'device.retired' : 'device.returned',
      target: { kind: 'device', id: device.id, name: device.slug },
    });
    const event = retire ? deviceRetired : deviceReturned;
    await announceDevices(ctx, work.tx, event, scope.organizationId, [device.id]);
    return await readSaved(work, device.id);
  });
}
