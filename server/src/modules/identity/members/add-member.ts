import type { Role } from '@watchkeeper/contracts';
import type { MemberCreated } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import { freshInvitationLink } from '../accounts/links.ts';
import { selectCredential } from '../accounts/store.ts';
import { audit } from '../audit/audit.ts';
import { countInvitations, insertInvitation } from '../invitations/store.ts';
import { makerOf, requireLasting, requirePermission, type Scope } from '../scope.ts';
import { auditTarget, requireMayGrant, toInvited } from './member-rules.ts';
import { hasMember } from './store.ts';

/** More open invitations than this are a mistake of a script, or an attack. */
const invitationsMax = 1_000;

/**
 * Invites a person. This creates no member and no account: the person does both with the link, and chooses
 * the password.
 * @throws already_exists, conflict, forbidden
 */
export async function addMember(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config' | 'live'>,
  scope: Scope,
  input: { email: string; role: Role; name?: string },
): Promise<MemberCreated> {
  requirePermission(scope, 'members:write');
  requireLasting(scope, 'invite somebody');
  requireMayGrant(scope, input.role);
  const { organizationId } = scope;
  const email = input.email.toLowerCase();
  const link = freshInvitationLink(ctx);
  // A system transaction: a tenant must not see whether an address has an account.
  return await ctx.db.system(async (tx) => {
    if (await hasMember(tx, organizationId, email))
      throw new AppError('already_exists', `${email} is a member already.`);
    if ((await countInvitations(tx, organizationId)) >= invitationsMax)
      throw new AppError(
        'conflict',
        `At most ${invitationsMax} invitations may be open. Withdraw some first.`,
      );
    const invitation = await insertInvitation(tx, {
      id: newId(),
      organization_id: organizationId,
      email,
      name: input.name ?? email.slice(0, email.indexOf('@')),
      role: input.role,
      invited_by: scope.caller.name,
      ...makerOf(scope),
      hash: link.hash,
      created_at: link.now,
      expires_at: link.expiresAt,
    });
    if (invitation === undefined)
      throw new AppError('already_exists', `${email} is invited already. Make a new link, or withdraw it.`);
    await audit(tx, scope, {
      action: 'member.invited',
      target: auditTarget(invitation),
      after: { email, name: invitation.name, role: invitation.role, expires_at: link.expiresAt },
    });
    await ctx.live.publish(tx, { organizationId, topic: 'member', ids: [invitation.id] });
    const account = await selectCredential(tx, email);
    const known = account !== undefined && account.password !== null;
    return { ...toInvited(invitation), invitation: link.view, set_password: known ? null : link.view };
  });
}
