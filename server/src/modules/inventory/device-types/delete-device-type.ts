import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { auditChange, inOrganization, type VersionCheck, type Work } from '../work.ts';
import { getDeviceType } from './get-device-type.ts';
import { type DeviceTypeRow, deleteDeviceTypeRow } from './store.ts';

export async function deleteDeviceType(
  ctx: Ctx,
  scope: Scope,
  reference: string,
  check: VersionCheck,
): Promise<void> {
  requirePermission(scope, 'inventory:write');
  await inOrganization(ctx, scope, async (work) => {
    const type = await getDeviceType(work.tx, scope, reference, true);
    check(type.version);
    await removeDeviceType(work, type);
  });
}

/** A type in use stays: its devices would silently lose how they are checked. */
export async function removeDeviceType(work: Work, type: DeviceTypeRow): Promise<void> {
  const { ctx, tx, scope } = work;
  if (type.device_count > 0) {
    const many = type.device_count === 1 ? '1 device is' : `${type.device_count} devices are`;
    throw new AppError('conflict', `${many} of the type "${type.slug}". Give them another type first.`);
  }
  await deleteDeviceTypeRow(tx, scope.organizationId, type.id);
  await auditChange(
    work,
    'deleted',
    { kind: 'device_type', id: type.id, name: type.slug },
    { before: { slug: type.slug, name: type.name } },
  );
  await ctx.live.publish(tx, { organizationId: scope.organizationId, topic: 'device_type', ids: [type.id] });
}
