import type { DeviceTypeInput } from '@watchkeeper/contracts/inventory';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { inOrganization, refuse } from '../work.ts';
import { checkDeviceType, toDeviceTypeFields } from './device-type-view.ts';
import { saveDeviceType } from './save-device-type.ts';
import type { DeviceTypeRow } from './store.ts';

export async function createDeviceType(
  ctx: Ctx,
  scope: Scope,
  input: DeviceTypeInput,
): Promise<DeviceTypeRow> {
  requirePermission(scope, 'inventory:write');
  const fields = toDeviceTypeFields(input);
  refuse(checkDeviceType(fields));
  return await inOrganization(ctx, scope, (work) => saveDeviceType(work, undefined, fields));
}
