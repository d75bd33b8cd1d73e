import type { PasswordLink } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import { freshInvitationLink, issuePasswordLink } from '../accounts/links.ts';
import { lockAccount } from '../accounts/store.ts';
import { audit } from '../audit/audit.ts';
import { updateInvitation } from '../invitations/store.ts';
import { makerOf, requireLasting, requirePermission, type Scope } from '../scope.ts';
import { auditTarget, lockPerson, requireMayChange } from './member-rules.ts';

/**
 * For a lost link or a forgotten password. An invitation gets a new link, and the old one ends. A member
 * gets one only if the account belongs to this organization alone, because the holder of the link can act
 * as that person everywhere.
 */
export async function renewPasswordLink(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config'>,
  scope: Scope,
  input: { userId: string },
): Promise<PasswordLink> {
  requirePermission(scope, 'members:write');
  requireLasting(scope, 'make a link by which a password is chosen');
  // A system transaction: a tenant must not see whether an account belongs to other organizations.
  return await ctx.db.system(async (tx) => {
    const { member, invitation } = await lockPerson(tx, scope, input.userId);
    const person = member ?? invitation;
    requireMayChange(scope, person);
    const record = { action: 'member.password_link_issued', target: auditTarget(person) };
    if (invitation !== undefined) {
      const link = freshInvitationLink(ctx);
      await updateInvitation(tx, invitation.id, { ...link, ...makerOf(scope) });
      await audit(tx, scope, record);
      return link.view;
    }
    const account = await lockAccount(tx, { id: member.id }, scope.organizationId);
    if (account === undefined) throw notFound('member');
    if (account.elsewhere || account.provider_role !== null) {
      throw new AppError(
        'conflict',
        `The account of ${account.email} belongs to other organizations too, so a link cannot be made here.`,
      );
    }
    const link = await issuePasswordLink(ctx, tx, account.id, scope);
    await audit(tx, scope, record);
    return link;
  });
}
