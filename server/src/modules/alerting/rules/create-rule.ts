import type { RuleBody } from '@watchkeeper/contracts';
import { requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { parseRule } from './parse-rule.ts';
import { channelWarnings } from './rule-channels.ts';
import type { SavedRule } from './rule-view.ts';
import { addRule } from './save-rule.ts';

export async function createRule(ctx: Ctx, scope: Scope, body: RuleBody): Promise<SavedRule> {
  requirePermission(scope, 'rules:write');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const place = { ctx, tx, organizationId: scope.organizationId };
    const row = await addRule({ ctx, tx, scope, at: nowDate(ctx.clock) }, await parseRule(place, body));
    return { row, warnings: await channelWarnings(place, row) };
  });
}
