import type { DeviceUpdate } from '@watchkeeper/contracts/inventory';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { parentSlugs, setDependencies } from '../dependencies/set-dependencies.ts';
import { announceDevices, deviceChanged } from '../events.ts';
import { inOrganization, type VersionCheck } from '../work.ts';
import { getDevice } from './get-device.ts';
import { placeOf } from './place-of.ts';
import { readSaved, saveDevice } from './save-device.ts';
import type { DeviceRow } from './store.ts';

/** Replaces all editable fields: area, type and dependencies that are left out are cleared; only the slug stays. */
export async function updateDevice(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  input: DeviceUpdate,
  check: VersionCheck,
): Promise<DeviceRow> {
  requirePermission(scope, 'inventory:write');
  return await inOrganization(ctx, scope, async (work) => {
    const before = await getDevice(work.tx, scope, reference, true);
    check(before.version);
    const place = await placeOf(work, input);
    const dependsOn = await parentSlugs(work, input.depends_on ?? []);
    const { changed } = await saveDevice(work, before, {
      slug: input.slug ?? before.slug,
      name: input.name,
      place,
      dependsOn,
    });
    if (!changed) return before;
    await setDependencies(work, [{ deviceId: before.id, dependsOn, field: 'depends_on' }]);
    await announceDevices(ctx, work.tx, deviceChanged, scope.organizationId, [before.id]);
    return await readSaved(work, before.id);
  });
}
