import { audit, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { closeRuleAlerts } from './close-rule-alerts.ts';
import { toSnapshot, toValues } from './rule-view.ts';
import { insertRevision, lockRule, removeRule } from './store.ts';
import type { VersionCheck } from './update-rule.ts';

/** The rule goes; its history of revisions stays, its open alerts are resolved with the reason. */
export async function deleteRule(ctx: Ctx, scope: Scope, id: string, check: VersionCheck): Promise<void> {
  requirePermission(scope, 'rules:write');
  const { organizationId, caller } = scope;
  await ctx.db.tenant(organizationId, async (tx) => {
    const before = await lockRule(tx, id);
    if (before === undefined) throw notFound('rule');
    check(before.version);
    const at = nowDate(ctx.clock);
    const snapshot = toSnapshot(toValues(before));
    await closeRuleAlerts(ctx, tx, id, 'The rule was deleted.', caller);
    await removeRule(tx, id);
    await insertRevision(tx, {
      organizationId,
      ruleId: id,
      version: before.version + 1,
      change: 'deleted',
      at,
      actor: caller,
      snapshot,
    });
    await audit(tx, scope, {
      action: 'rule.deleted',
      target: { kind: 'rule', id, name: before.name },
      before: snapshot,
    });
    await ctx.live.publish(tx, { organizationId, topic: 'rule', ids: [id] });
  });
}
