import type { RuleWrite } from '@watchkeeper/contracts';
import { requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { parseRule } from './parse-rule.ts';
import { changedBody, tellAsWritten } from './read-body.ts';
import { channelWarnings } from './rule-channels.ts';
import type { SavedRule } from './rule-view.ts';
import { changeRule } from './save-rule.ts';
import { lockRule } from './store.ts';
import { withEscalation } from './with-escalation.ts';

/** Throws precondition_failed when the caller has read an older version. */
export type VersionCheck = (version: number) => void;

/** Fields that the body leaves out stay as they are, with PUT as with PATCH. */
export async function updateRule(
  ctx: Ctx,
  scope: Scope,
  id: string,
  body: RuleWrite,
  check: VersionCheck,
): Promise<SavedRule> {
  requirePermission(scope, 'rules:write');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const before = await withEscalation(ctx, tx, await lockRule(tx, id));
    if (before === undefined) throw notFound('rule');
    check(before.version);
    const where = { ctx, tx, organizationId: scope.organizationId, before };
    const values = await tellAsWritten(body, () => parseRule(where, changedBody(before, body)));
    const row = await changeRule({ ctx, tx, scope, at: nowDate(ctx.clock) }, before, values);
    return { row, warnings: await channelWarnings(where, row) };
  });
}
