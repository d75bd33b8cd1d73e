import type { RuleBody } from '@watchkeeper/contracts';
import { requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { parseRule } from './parse-rule.ts';
import { addRule } from './save-rule.ts';
import type { RuleRow } from './store.ts';

export async function createRule(ctx: Ctx, scope: Scope, body: RuleBody): Promise<RuleRow> {
  requirePermission(scope, 'rules:write');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const values = await parseRule({ ctx, tx, organizationId: scope.organizationId }, body);
    return await addRule({ ctx, tx, scope, at: nowDate(ctx.clock) }, values);
  });
}
