import type { AreaInput } from '@watchkeeper/contracts/inventory';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { getSite } from '../sites/get-site.ts';
import { inOrganization } from '../work.ts';
import { saveArea } from './save-area.ts';
import type { AreaRow } from './store.ts';

export async function createArea(
  ctx: Ctx,
  scope: Scope,
  siteReference: string,
  input: AreaInput,
): Promise<AreaRow> {
  requirePermission(scope, 'inventory:write');
  return await inOrganization(ctx, scope, async (work) => {
    // The lock keeps the site from being deleted before the area is there.
    const site = await getSite(work.tx, scope, siteReference, true);
    return await saveArea(work, site, undefined, {
      slug: input.slug,
      name: input.name,
      kind: input.kind ?? null,
    });
  });
}
