import type { FastifyRequest } from 'fastify';
import { requirePermission, tenantScope } from '#modules/identity';
import { notFound } from '#platform/errors';

/** Into which organization a caller writes: `telemetry:write`, or a device of that organization by its token. */
export async function writableOrganization(request: FastifyRequest, org: string): Promise<string> {
  const { device } = request;
  if (device !== null) {
    if (org !== device.organizationSlug && org !== device.organizationId) throw notFound('organization');
    return device.organizationId;
  }
  const scope = await tenantScope(request);
  requirePermission(scope, 'telemetry:write');
  return scope.organizationId;
}
