import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { ListInput } from '../list.ts';
import { type DeviceTypeRow, selectDeviceTypes } from './store.ts';

/** One row more than asked for, where there is a next page. */
export async function listDeviceTypes(ctx: Ctx, scope: Scope, list: ListInput): Promise<DeviceTypeRow[]> {
  requirePermission(scope, 'read');
  return await ctx.db.tenant(scope.organizationId, (tx) => selectDeviceTypes(tx, scope.organizationId, list));
}
