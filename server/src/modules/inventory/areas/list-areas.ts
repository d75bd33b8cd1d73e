import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { ListInput } from '../list.ts';
import { getSite } from '../sites/get-site.ts';
import { type AreaRow, selectAreas } from './store.ts';

/** One row more than asked for, where there is a next page. */
export async function listAreas(
  ctx: Ctx,
  scope: Scope,
  siteReference: string,
  list: ListInput,
): Promise<AreaRow[]> {
  requirePermission(scope, 'read');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const site = await getSite(tx, scope, siteReference);
    return await selectAreas(tx, scope.organizationId, site.id, list);
  });
}
