import type { RuleBody } from '@watchkeeper/contracts';
import { audit, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import { closeRuleAlerts } from './close-rule-alerts.ts';
import { parseRule } from './parse-rule.ts';
import { toSnapshot, toValues } from './rule-view.ts';
import { findRule, insertRevision, lockRule, type RuleRow, replaceRule } from './store.ts';

/** Throws precondition_failed when the caller has seen an older version. */
export type VersionCheck = (version: number) => void;

/** Replaces all settings. Switching a rule off, or giving it another kind, closes what it had open. */
export async function updateRule(
  ctx: Ctx,
  scope: Scope,
  id: string,
  body: RuleBody,
  check: VersionCheck,
): Promise<RuleRow> {
  requirePermission(scope, 'rules:write');
  const { organizationId, caller } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const before = await lockRule(tx, id);
    if (before === undefined) throw notFound('rule');
    check(before.version);
    const at = nowDate(ctx.clock);
    // What the body leaves out keeps the type: an alert's name is not lost by an edit.
    const values = await parseRule(tx, organizationId, { ...body, type: body.type ?? before.type });
    await replaceRule(tx, id, values, at);
    const snapshot = toSnapshot(values);
    await insertRevision(tx, {
      organizationId,
      ruleId: id,
      version: before.version + 1,
      change: 'updated',
      at,
      actor: caller,
      snapshot,
    });
    await audit(tx, scope, {
      action: 'rule.updated',
      target: { kind: 'rule', id, name: values.name },
      before: toSnapshot(toValues(before)),
      after: snapshot,
    });
    if (!values.enabled) await closeRuleAlerts(ctx, tx, id, 'The rule was switched off.', caller);
    else if (values.kind !== before.kind)
      await closeRuleAlerts(ctx, tx, id, 'The rule was changed to another kind.', caller);
    await ctx.live.publish(tx, { organizationId, topic: 'rule', ids: [id] });
    const row = await findRule(tx, id);
    if (row === undefined) throw new AppError('internal', 'The rule that was just written cannot be read.');
    return row;
  });
}
