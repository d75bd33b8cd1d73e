import type { FastifyRequest } from 'fastify';
import { providerScope, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import type { DeviceEntry } from '../intake/directory.ts';
import { findOwners } from './state-store.ts';

/**
 * Paths that name a device and no organization: its own token, or a credential that may `read` in the one
 * organization that has such a device. What the caller may not see does not exist.
 */
export async function findReadable(
  ctx: Ctx,
  request: FastifyRequest,
  device: string,
  tenant: string | undefined,
): Promise<{ organizationId: string; deviceId: string }> {
  if (request.device !== null) return ofDevice(request.device, device);
  const provider = await providerScope(request);
  const scope: Scope | undefined = tenant === undefined ? undefined : await provider.within(tenant);
  const organizationIds = scope === undefined ? provider.organizationIds : [scope.organizationId];
  // Bounded by the organizations the caller may see.
  const owners = await ctx.db.system((tx) => findOwners(tx, organizationIds, device));
  const [owner, another] = owners;
  if (owner === undefined) throw notFound('device');
  if (another !== undefined) {
    throw new AppError(
      'conflict',
      'Several organizations have a device of this id: name one with ?tenant_id=.',
    );
  }
  requirePermission(scope ?? (await provider.within(owner.organization_id)), 'read');
  return { organizationId: owner.organization_id, deviceId: owner.device_id };
}

function ofDevice(own: DeviceEntry, device: string) {
  if (device !== own.slug && device !== own.id) {
    throw new AppError('device_mismatch', 'A device token reads its own device only.');
  }
  return { organizationId: own.organizationId, deviceId: own.id };
}
