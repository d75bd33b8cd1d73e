import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { ListInput } from '../list.ts';
import { type DeviceFilter, type DeviceRow, selectDevices } from './store.ts';

/** One row more than asked for, where there is a next page. A filter that names nothing finds nothing. */
export async function listDevices(
  ctx: Ctx,
  scope: Scope,
  list: ListInput,
  filter: DeviceFilter,
): Promise<DeviceRow[]> {
  requirePermission(scope, 'read');
  return await ctx.db.tenant(scope.organizationId, (tx) =>
    selectDevices(tx, scope.organizationId, list, filter),
  );
}
