import type { Alert } from '@watchkeeper/contracts';
import { audit, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import { lockDevices } from '../device-store.ts';
import { resolveAlerts } from '../transition.ts';
import { rewatchDevices } from '../watch-devices.ts';
import { toAlert } from './alert-view.ts';
import { findAlert } from './store.ts';

/** A person says that it is over, and why. If it is not, it opens again after the rule's cooldown. */
export async function resolveAlert(ctx: Ctx, scope: Scope, id: string, reason: string): Promise<Alert> {
  requirePermission(scope, 'alerts:operate');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const before = await findAlert(tx, id);
    if (before === undefined) throw notFound('alert');
    const devices = before.device_id === null ? [] : [before.device_id];
    await lockDevices(tx, devices);
    const [resolved] = await resolveAlerts(ctx, tx, [{ alertId: id, why: reason }], scope.caller);
    if (resolved === undefined) throw new AppError('conflict', 'This alert is resolved already.');
    await rewatchDevices(tx, devices);
    await audit(tx, scope, {
      action: 'alert.resolved',
      target: { kind: 'alert', id, name: before.title },
      before: { status: resolved.status },
      after: { status: 'resolved', reason },
    });
    const after = await findAlert(tx, id);
    if (after === undefined) throw notFound('alert');
    return toAlert(after);
  });
}
