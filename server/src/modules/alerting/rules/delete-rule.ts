import { requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { dropRule } from './save-rule.ts';
import { lockRule } from './store.ts';
import type { VersionCheck } from './update-rule.ts';
import { withEscalation } from './with-escalation.ts';

export async function deleteRule(ctx: Ctx, scope: Scope, id: string, check: VersionCheck): Promise<void> {
  requirePermission(scope, 'rules:write');
  await ctx.db.tenant(scope.organizationId, async (tx) => {
    const before = await withEscalation(ctx, tx, await lockRule(tx, id));
    if (before === undefined) throw notFound('rule');
    check(before.version);
    await dropRule({ ctx, tx, scope, at: nowDate(ctx.clock) }, before);
  });
}
