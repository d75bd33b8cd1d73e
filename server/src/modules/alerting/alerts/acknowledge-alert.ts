import type { Alert } from '@watchkeeper/contracts';
import { audit, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import { acknowledgeAlerts } from '../transition.ts';
import { toAlert } from './alert-view.ts';
import { findAlert } from './store.ts';

/** "I am looking at it." Saying so twice changes nothing; saying so of what is over is a conflict. */
export async function acknowledgeAlert(
  ctx: Ctx,
  scope: Scope,
  id: string,
  note: string | undefined,
): Promise<Alert> {
  requirePermission(scope, 'alerts:operate');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const before = await findAlert(tx, id);
    if (before === undefined) throw notFound('alert');
    const changed = await acknowledgeAlerts(ctx, tx, [id], { actor: scope.caller, note });
    const after = await findAlert(tx, id);
    if (after === undefined) throw notFound('alert');
    if (after.status === 'resolved')
      throw new AppError('conflict', 'This alert is resolved already; there is nothing left to acknowledge.');
    if (changed.length > 0) {
      await audit(tx, scope, {
        action: 'alert.acknowledged',
        target: { kind: 'alert', id, name: after.title },
        before: { status: 'open' },
        after: { status: 'acknowledged', note: note ?? null },
      });
    }
    return toAlert(after);
  });
}
