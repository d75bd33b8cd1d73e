import { audit, issueDeviceToken, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { inOrganization } from '../work.ts';
import { getDevice } from './get-device.ts';

/** A new token; the old one stops working at once, in every process. */
export async function rotateDeviceToken(ctx: Ctx, scope: Scope, reference: string): Promise<string> {
  requirePermission(scope, 'inventory:write');
  return await inOrganization(ctx, scope, async ({ tx }) => {
    const device = await getDevice(tx, scope, reference, true);
    const token = await issueDeviceToken(tx, scope.organizationId, device.id);
    await audit(tx, scope, {
      action: 'device.token_rotated',
      target: { kind: 'device', id: device.id, name: device.slug },
    });
    await ctx.live.publish(tx, {
      organizationId: scope.organizationId,
      topic: 'device_token',
      ids: [device.id],
    });
    return token;
  });
}
