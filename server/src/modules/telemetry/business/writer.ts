import type { FastifyRequest } from 'fastify';
import { requirePermission, tenantScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import { deviceTokenOf } from '../intake/credential.ts';
import { runtimeOf } from '../runtime.ts';

/** Into which organization a caller writes: `telemetry:write`, or a device of that organization by its token. */
export async function writableOrganization(ctx: Ctx, request: FastifyRequest, org: string): Promise<string> {
  const token = deviceTokenOf(request.headers);
  if (token !== undefined) {
    const device = await runtimeOf(ctx).directory.findToken(token);
    if (device === null) throw new AppError('unauthenticated', 'The device token is wrong or was replaced.');
    if (org !== device.organizationSlug && org !== device.organizationId) throw notFound('organization');
    return device.organizationId;
  }
  const scope = await tenantScope(request);
  requirePermission(scope, 'telemetry:write');
  return scope.organizationId;
}
