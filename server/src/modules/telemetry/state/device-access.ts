import type { FastifyRequest } from 'fastify';
import { findOrganization, providerScope, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import { isOpen } from '../intake/credential.ts';
import type { DeviceEntry } from '../intake/directory.ts';
import { findOwners } from './state-store.ts';

/**
 * Paths that name a device and no organization: its own token, or a credential that may `read` in the one
 * organization that has such a device; in open mode (HEARTBEAT_AUTH=open) anybody. A device that the caller
 * may not see is not found.
 */
export async function findReadable(
  ctx: Ctx,
  request: FastifyRequest,
  device: string,
  tenant: string | undefined,
): Promise<Owner> {
  if (request.device !== null) return ofDevice(request.device, device);
  if (isOpen(ctx, request.headers)) return await ofAnybody(ctx, device, tenant);
  const provider = await providerScope(request);
  const scope: Scope | undefined = tenant === undefined ? undefined : await provider.within(tenant);
  const organizationIds = scope === undefined ? provider.organizationIds : [scope.organizationId];
  // Bounded by the organizations the caller may see.
  const owner = onlyOwner(await ctx.db.system((tx) => findOwners(tx, organizationIds, device)));
  requirePermission(scope ?? (await provider.within(owner.organizationId)), 'read');
  return owner;
}

async function ofAnybody(ctx: Ctx, device: string, tenant: string | undefined): Promise<Owner> {
  // Across tenants: in open mode who knows a device's id may read of it, as who knows its place may speak for it.
  return await ctx.db.system(async (tx) => {
    const organization = tenant === undefined ? undefined : await findOrganization(tx, tenant.toLowerCase());
    if (tenant !== undefined && organization === undefined) throw notFound('organization');
    const among = organization === undefined ? null : [organization.id];
    return onlyOwner(await findOwners(tx, among, device));
  });
}

interface Owner {
  readonly organizationId: string;
  readonly deviceId: string;
}

/** @throws not_found; conflict when several organizations have such a device */
function onlyOwner([owner, another]: Awaited<ReturnType<typeof findOwners>>): Owner {
  if (owner === undefined) throw notFound('device');
  if (another !== undefined) {
    throw new AppError(
      'conflict',
      'Several organizations have a device with this id: name one with ?tenant_id=.',
    );
  }
  return { organizationId: owner.organization_id, deviceId: owner.device_id };
}

function ofDevice(own: DeviceEntry, device: string): Owner {
  if (device !== own.slug && device !== own.id) {
    throw new AppError('device_mismatch', 'A device token can read only its own device.');
  }
  return { organizationId: own.organizationId, deviceId: own.id };
}
