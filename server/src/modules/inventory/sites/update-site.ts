import type { SiteUpdate } from '@watchkeeper/contracts/inventory';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { inOrganization, refuse, type VersionCheck } from '../work.ts';
import { getSite } from './get-site.ts';
import { checkSite, saveSite } from './save-site.ts';
import type { SiteRow } from './store.ts';

/** Replaces all editable fields: opening hours that are left out are cleared; only the slug stays. */
export async function updateSite(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  input: SiteUpdate,
  check: VersionCheck,
): Promise<SiteRow> {
  requirePermission(scope, 'inventory:write');
  refuse(checkSite(input));
  return await inOrganization(ctx, scope, async (work) => {
    const before = await getSite(work.tx, scope, reference, true);
    check(before.version);
    return await saveSite(work, before, {
      slug: input.slug ?? before.slug,
      name: input.name,
      timezone: input.timezone,
      opening_hours: input.opening_hours ?? null,
    });
  });
}
