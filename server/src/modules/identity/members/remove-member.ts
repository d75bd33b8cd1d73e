import type { Ctx } from '#platform/context';
import { audit } from '../audit/audit.ts';
import { deleteInvitation } from '../invitations/store.ts';
import { requirePermission, type Scope } from '../scope.ts';
import { auditTarget, lockPerson, requireMayChange, requireOtherOwner } from './member-rules.ts';
import { deleteMember } from './store.ts';

/**
 * Ends the membership, or withdraws the invitation. The account stays, because other organizations may use
 * it.
 */
export async function removeMember(
  ctx: Pick<Ctx, 'db' | 'live'>,
  scope: Scope,
  input: { userId: string },
): Promise<void> {
  requirePermission(scope, 'members:write');
  await ctx.db.tenant(scope.organizationId, async (tx) => {
    const { member, invitation } = await lockPerson(tx, scope, input.userId);
    const person = member ?? invitation;
    requireMayChange(scope, person);
    if (member === undefined) await deleteInvitation(tx, person.id);
    else {
      await requireOtherOwner(tx, scope, member);
      await deleteMember(tx, scope.organizationId, member.id);
    }
    await audit(tx, scope, {
      action: member === undefined ? 'member.invitation_withdrawn' : 'member.removed',
      target: auditTarget(person),
      before: { email: person.email, name: person.name, role: person.role },
    });
    await ctx.live.publish(tx, { organizationId: scope.organizationId, topic: 'member', ids: [person.id] });
  });
}
