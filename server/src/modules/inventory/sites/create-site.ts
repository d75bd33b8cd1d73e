import type { SiteInput } from '@watchkeeper/contracts/inventory';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { inOrganization, refuse } from '../work.ts';
import { checkSite, saveSite } from './save-site.ts';
import type { SiteRow } from './store.ts';

export async function createSite(ctx: Ctx, scope: Scope, input: SiteInput): Promise<SiteRow> {
  requirePermission(scope, 'inventory:write');
  refuse(checkSite(input));
  return await inOrganization(ctx, scope, (work) =>
    saveSite(work, undefined, {
      slug: input.slug,
      name: input.name,
      timezone: input.timezone,
      opening_hours: input.opening_hours ?? null,
    }),
  );
}
