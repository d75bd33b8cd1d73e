import type { Role } from '@watchkeeper/contracts';
import type { Member } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import { audit } from '../audit/audit.ts';
import { updateInvitation } from '../invitations/store.ts';
import { makerOf, requireLasting, requirePermission, type Scope } from '../scope.ts';
import {
  auditTarget,
  lockPerson,
  mayMore,
  requireMayChange,
  requireMayGrant,
  requireOtherOwner,
  toInvited,
  toMember,
} from './member-rules.ts';
import { updateMemberRole } from './store.ts';

export async function changeMemberRole(
  ctx: Pick<Ctx, 'db' | 'clock' | 'live'>,
  scope: Scope,
  input: { userId: string; role: Role },
): Promise<Member> {
  requirePermission(scope, 'members:write');
  requireMayGrant(scope, input.role);
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const { member, invitation } = await lockPerson(tx, scope, input.userId);
    const person = member ?? invitation;
    requireMayChange(scope, person);
    const changed = () =>
      member === undefined
        ? toInvited({ ...invitation, role: input.role })
        : toMember({ ...member, role: input.role });
    if (person.role === input.role) return changed();
    if (mayMore(input.role, person.role)) requireLasting(scope, 'give somebody a role that may more');
    const { organizationId } = scope;
    if (member === undefined) await updateInvitation(tx, person.id, { role: input.role, ...makerOf(scope) });
    else {
      await requireOtherOwner(tx, scope, member);
      await updateMemberRole(tx, { organizationId, ...input, now: new Date(ctx.clock.now()) });
    }
    await audit(tx, scope, {
      action: 'member.role_changed',
      target: auditTarget(person),
      before: { role: person.role },
      after: { role: input.role },
    });
    await ctx.live.publish(tx, { organizationId, topic: 'member', ids: [person.id] });
    return changed();
  });
}
