import type { AreaUpdate } from '@watchkeeper/contracts/inventory';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { inOrganization, type VersionCheck } from '../work.ts';
import { getArea } from './get-area.ts';
import { saveArea } from './save-area.ts';
import type { AreaRow } from './store.ts';

/** Replaces all editable fields; only the slug stays when it is left out. */
export async function updateArea(
  ctx: Ctx,
  scope: Scope,
  path: { site: string; area: string },
  input: AreaUpdate,
  check: VersionCheck,
): Promise<AreaRow> {
  requirePermission(scope, 'inventory:write');
  return await inOrganization(ctx, scope, async (work) => {
    const before = await getArea(work.tx, scope, path.site, path.area, true);
    check(before.version);
    return await saveArea(work, { id: before.site_id, slug: before.site_slug }, before, {
      slug: input.slug ?? before.slug,
      name: input.name,
      kind: input.kind ?? null,
    });
  });
}
