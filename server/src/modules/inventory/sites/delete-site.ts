import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { removeDevices } from '../devices/remove-devices.ts';
import { selectDeviceKeysOfSite } from '../devices/store.ts';
import { announceSite } from '../events.ts';
import { auditChange, inOrganization, type VersionCheck, type Work } from '../work.ts';
import { getSite } from './get-site.ts';
import { deleteSiteRow, type SiteRow } from './store.ts';

/** Areas go with their site. Devices only when `cascade` says so, with their tokens. */
export async function deleteSite(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  cascade: boolean,
  check: VersionCheck,
): Promise<void> {
  requirePermission(scope, 'inventory:write');
  await inOrganization(ctx, scope, async (work) => {
    const site = await getSite(work.tx, scope, reference, true);
    check(site.version);
    await removeSite(work, site, cascade);
  });
}

/** `site` is locked, so no device can be added to it. */
export async function removeSite(work: Work, site: SiteRow, cascade: boolean): Promise<void> {
  const { tx, scope } = work;
  const devices = await selectDeviceKeysOfSite(tx, scope.organizationId, site.id);
  if (devices.length > 0 && !cascade) {
    const many = devices.length === 1 ? 'is 1 device' : `are ${devices.length} devices`;
    throw new AppError(
      'conflict',
      `There ${many} at "${site.slug}". Move or delete them first, or repeat this with ?cascade=true to delete them too.`,
    );
  }
  await removeDevices(work, devices);
  await deleteSiteRow(tx, scope.organizationId, site.id);
  const before = { slug: site.slug, name: site.name, timezone: site.timezone, devices: devices.length };
  await auditChange(work, 'deleted', { kind: 'site', id: site.id, name: site.slug }, { before });
  await announceSite(work.ctx, tx, scope.organizationId, site.id);
}
