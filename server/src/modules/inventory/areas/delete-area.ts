import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { announceDevices, announceSite, deviceChanged } from '../events.ts';
import { auditChange, inOrganization, type VersionCheck, type Work } from '../work.ts';
import { getArea } from './get-area.ts';
import { type AreaRow, deleteAreaRow, releaseDevices } from './store.ts';

/** The area's devices stay at the site, in no area. */
export async function deleteArea(
  ctx: Ctx,
  scope: Scope,
  path: { site: string; area: string },
  check: VersionCheck,
): Promise<void> {
  requirePermission(scope, 'inventory:write');
  await inOrganization(ctx, scope, async (work) => {
    const area = await getArea(work.tx, scope, path.site, path.area, true);
    check(area.version);
    await removeArea(work, area);
  });
}

export async function removeArea(work: Work, area: AreaRow): Promise<void> {
  const { ctx, tx, scope } = work;
  const released = await releaseDevices(tx, scope.organizationId, area.id, work.at);
  await deleteAreaRow(tx, scope.organizationId, area.id);
  const before = {
    slug: area.slug,
    name: area.name,
    kind: area.kind,
    site: area.site_slug,
    devices: released.length,
  };
  await auditChange(
    work,
    'deleted',
    { kind: 'area', id: area.id, name: `${area.site_slug}/${area.slug}` },
    { before },
  );
  await announceDevices(ctx, tx, deviceChanged, scope.organizationId, released);
  await announceSite(ctx, tx, scope.organizationId, area.site_id);
}
