import type { Role } from '@watchkeeper/contracts';
import type { Member } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import { audit } from '../audit/audit.ts';
import { requirePermission, type Scope } from '../scope.ts';
import {
  auditTarget,
  lockMember,
  requireMayChange,
  requireMayGrant,
  requireOtherOwner,
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
    const member = await lockMember(tx, scope, input.userId);
    requireMayChange(scope, member);
    if (member.role === input.role) return toMember(member);
    await requireOtherOwner(tx, scope, member);
    const organizationId = scope.organizationId;
    await updateMemberRole(tx, { organizationId, ...input, now: new Date(ctx.clock.now()) });
    await audit(tx, scope, {
      action: 'member.role_changed',
      target: auditTarget(member),
      before: { role: member.role },
      after: { role: input.role },
    });
    await ctx.live.publish(tx, { organizationId, topic: 'member', ids: [member.id] });
    return toMember({ ...member, role: input.role });
  });
}
