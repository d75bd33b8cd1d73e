import type { RuleBody } from '@watchkeeper/contracts';
import { audit, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import { parseRule } from './parse-rule.ts';
import { toSnapshot } from './rule-view.ts';
import { findRule, insertRevision, insertRule, type RuleRow } from './store.ts';

export async function createRule(ctx: Ctx, scope: Scope, body: RuleBody): Promise<RuleRow> {
  requirePermission(scope, 'rules:write');
  const { organizationId, caller } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const id = newId();
    const at = nowDate(ctx.clock);
    const values = await parseRule(tx, organizationId, body);
    await insertRule(tx, { ...values, id, organizationId, template: false }, at);
    const snapshot = toSnapshot(values);
    await insertRevision(tx, {
      organizationId,
      ruleId: id,
      version: 1,
      change: 'created',
      at,
      actor: caller,
      snapshot,
    });
    await audit(tx, scope, {
      action: 'rule.created',
      target: { kind: 'rule', id, name: values.name },
      after: snapshot,
    });
    await ctx.live.publish(tx, { organizationId, topic: 'rule', ids: [id] });
    const row = await findRule(tx, id);
    if (row === undefined) throw new AppError('internal', 'The rule that was just written cannot be read.');
    return row;
  });
}
