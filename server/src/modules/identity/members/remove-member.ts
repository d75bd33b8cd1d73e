import type { Ctx } from '#platform/context';
import { audit } from '../audit/audit.ts';
import { requirePermission, type Scope } from '../scope.ts';
import { auditTarget, lockMember, requireMayChange, requireOtherOwner } from './member-rules.ts';
import { deleteMember } from './store.ts';

/** Ends the membership; the account stays, for it may belong elsewhere too. */
export async function removeMember(
  ctx: Pick<Ctx, 'db' | 'live'>,
  scope: Scope,
  input: { userId: string },
): Promise<void> {
  requirePermission(scope, 'members:write');
  await ctx.db.tenant(scope.organizationId, async (tx) => {
    const member = await lockMember(tx, scope, input.userId);
    requireMayChange(scope, member);
    await requireOtherOwner(tx, scope, member);
    await deleteMember(tx, scope.organizationId, member.id);
    await audit(tx, scope, {
      action: 'member.removed',
      target: auditTarget(member),
      before: { email: member.email, name: member.name, role: member.role },
    });
    await ctx.live.publish(tx, { organizationId: scope.organizationId, topic: 'member', ids: [member.id] });
  });
}
