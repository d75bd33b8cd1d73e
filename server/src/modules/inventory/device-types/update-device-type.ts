import type { DeviceTypeUpdate } from '@watchkeeper/contracts/inventory';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { inOrganization, refuse, type VersionCheck } from '../work.ts';
import { checkDeviceType, toDeviceTypeFields } from './device-type-view.ts';
import { getDeviceType } from './get-device-type.ts';
import { saveDeviceType } from './save-device-type.ts';
import type { DeviceTypeRow } from './store.ts';

/** Replaces all editable fields; slug, name and recover_after_successes stay when they are left out. */
export async function updateDeviceType(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  input: DeviceTypeUpdate,
  check: VersionCheck,
): Promise<DeviceTypeRow> {
  requirePermission(scope, 'inventory:write');
  return await inOrganization(ctx, scope, async (work) => {
    const before = await getDeviceType(work.tx, scope, reference, true);
    const fields = toDeviceTypeFields({
      ...input,
      slug: input.slug ?? before.slug,
      name: input.name ?? before.name,
      recover_after_successes: input.recover_after_successes ?? before.recover_after_successes,
    });
    refuse(checkDeviceType(fields));
    check(before.version);
    return await saveDeviceType(work, before, fields);
  });
}
