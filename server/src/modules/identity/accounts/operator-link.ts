import type { PasswordLink } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import { audit } from '../audit/audit.ts';
import type { Caller } from '../scope.ts';
import { issueOperatorLink } from './links.ts';
import { selectCredential, selectUserWithMemberships } from './store.ts';

const operator: Caller = { kind: 'system', id: 'password-link', name: 'The operator, at the command line' };

/**
 * A new password link for any account. There is no caller to authorize: the operator who runs this command
 * controls the database. Each organization of the account gets an audit entry.
 * @returns undefined when no
 * account has this address
 */
export async function makeOperatorLink(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config'>,
  email: string,
): Promise<PasswordLink | undefined> {
  // A system transaction: an account belongs to no organization, or to several.
  return await ctx.db.system(async (tx) => {
    const account = await selectCredential(tx, email);
    if (account === undefined) return undefined;
    const link = await issueOperatorLink(ctx, tx, account.id);
    const target = { kind: 'account', id: account.id, name: account.email };
    for (const { organization_id: organizationId } of await selectUserWithMemberships(tx, account.id)) {
      const scope = { organizationId, caller: operator, requestId: 'password-link' };
      await audit(tx, scope, { action: 'member.password_link_issued', target });
    }
    return link;
  });
}
