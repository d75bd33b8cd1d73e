import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { ListInput } from '../list.ts';
import { type SiteRow, selectSites } from './store.ts';

/** One row more than asked for, where there is a next page. */
export async function listSites(ctx: Ctx, scope: Scope, list: ListInput): Promise<SiteRow[]> {
  requirePermission(scope, 'read');
  return await ctx.db.tenant(scope.organizationId, (tx) => selectSites(tx, scope.organizationId, list));
}
