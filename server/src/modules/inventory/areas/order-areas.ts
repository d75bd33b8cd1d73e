import type { AreaOrder } from '@watchkeeper/contracts/inventory';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { announceSite } from '../events.ts';
import { getSite } from '../sites/get-site.ts';
import { auditChange, inOrganization, refuse, type Work } from '../work.ts';
import { type AreaRow, lockAreas, placeAreas } from './store.ts';

/** Puts the areas of a site in an order; those that are not named keep theirs, after the named ones. */
export async function orderAreas(
  ctx: Ctx,
  scope: Scope,
  siteReference: string,
  input: AreaOrder,
): Promise<AreaRow[]> {
  requirePermission(scope, 'inventory:write');
  return await inOrganization(ctx, scope, async (work) => {
    const site = await getSite(work.tx, scope, siteReference, true);
    return await saveOrder(work, site, input.areas);
  });
}

/** Nothing is written when nothing changes. @throws validation_failed for what is no area of the site */
export async function saveOrder(
  work: Work,
  site: { id: string; slug: string },
  references: readonly string[],
): Promise<AreaRow[]> {
  const { ctx, tx, scope } = work;
  const before = await lockAreas(tx, scope.organizationId, site.id);
  const found = references.map(
    (reference) =>
      before.find((area) => area.slug === reference) ?? before.find((area) => area.id === reference),
  );
  refuse(
    found.flatMap((area, index) => {
      if (area === undefined) return [{ field: `areas.${index}`, message: 'is not an area of this site' }];
      return found.indexOf(area) === index ? [] : [{ field: `areas.${index}`, message: 'is listed twice' }];
    }),
  );
  const named = found.filter((area) => area !== undefined);
  const after = [...named, ...before.filter((area) => !named.includes(area))];
  if (after.every((area, index) => area.position === index)) return before;
  await placeAreas(
    tx,
    scope.organizationId,
    after.map((area) => area.id),
    work.at,
  );
  const slugsOf = (areas: readonly AreaRow[]) => areas.map((area) => area.slug);
  await auditChange(
    work,
    'updated',
    { kind: 'site', id: site.id, name: site.slug },
    { before: { area_order: slugsOf(before) }, after: { area_order: slugsOf(after) } },
  );
  await announceSite(ctx, tx, scope.organizationId, site.id);
  return await lockAreas(tx, scope.organizationId, site.id);
}
