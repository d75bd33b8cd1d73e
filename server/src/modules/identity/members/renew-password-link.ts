import type { PasswordLink } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import { issuePasswordLink } from '../accounts/links.ts';
import { lockAccount } from '../accounts/store.ts';
import { audit } from '../audit/audit.ts';
import { requirePermission, type Scope } from '../scope.ts';
import { auditTarget, requireMayChange } from './member-rules.ts';
import { selectMember } from './store.ts';

/**
 * For a lost link or a forgotten password. Only for accounts that belong to this organization alone:
 * whoever holds the link becomes that person, everywhere.
 */
export async function renewPasswordLink(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config'>,
  scope: Scope,
  input: { userId: string },
): Promise<PasswordLink> {
  requirePermission(scope, 'members:write');
  // A system transaction: whether an account belongs elsewhere is not a tenant's to see.
  return await ctx.db.system(async (tx) => {
    const member = await selectMember(tx, scope.organizationId, input.userId);
    if (member === undefined) throw notFound('member');
    requireMayChange(scope, member);
    const account = await lockAccount(tx, { id: member.id }, scope.organizationId);
    if (account === undefined) throw notFound('member');
    if (account.elsewhere || account.provider_role !== null) {
      throw new AppError(
        'conflict',
        `The account of ${account.email} is not this organization's alone; a link cannot be made here.`,
      );
    }
    const link = await issuePasswordLink(ctx, tx, account.id);
    await audit(tx, scope, { action: 'member.password_link_issued', target: auditTarget(member) });
    return link;
  });
}
