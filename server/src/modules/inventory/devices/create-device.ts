import type { DeviceInput } from '@watchkeeper/contracts/inventory';
import { issueDeviceToken, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { parentSlugs, setDependencies } from '../dependencies/set-dependencies.ts';
import { announceDevices, deviceCreated } from '../events.ts';
import { inOrganization } from '../work.ts';
import { placeOf } from './place-of.ts';
import { readSaved, saveDevice } from './save-device.ts';
import type { DeviceRow } from './store.ts';

/** The token is in the answer and nowhere else: only its hash is kept. */
export async function createDevice(
  ctx: Ctx,
  scope: Scope,
  input: DeviceInput,
): Promise<{ device: DeviceRow; token: string }> {
  requirePermission(scope, 'inventory:write');
  return await inOrganization(ctx, scope, async (work) => {
    const place = await placeOf(work, input);
    const dependsOn = await parentSlugs(work, input.depends_on ?? []);
    const { id } = await saveDevice(work, undefined, {
      slug: input.slug,
      name: input.name ?? input.slug,
      place,
      dependsOn,
    });
    await setDependencies(work, [{ deviceId: id, dependsOn, field: 'depends_on' }]);
    const token = await issueDeviceToken(work.tx, scope.organizationId, id);
    await announceDevices(ctx, work.tx, deviceCreated, scope.organizationId, [id]);
    return { device: await readSaved(work, id), token };
  });
}
