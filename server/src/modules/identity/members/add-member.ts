import type { Role } from '@watchkeeper/contracts';
import type { MemberCreated, PasswordLink } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import { issuePasswordLink } from '../accounts/links.ts';
import { hashPassword } from '../accounts/passwords.ts';
import { type AccountRow, insertUser, lockAccount, setPasswordHash } from '../accounts/store.ts';
import { audit } from '../audit/audit.ts';
import { requirePermission, type Scope } from '../scope.ts';
import { auditTarget, requireMayGrant, toMember } from './member-rules.ts';
import { insertMember, selectMember } from './store.ts';

export interface AddMemberInput {
  email: string;
  role: Role;
  name?: string;
  password?: string;
}

/** Makes the account when there is none, and the membership. The person gets a link unless a password is given. */
export async function addMember(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config' | 'live'>,
  scope: Scope,
  input: AddMemberInput,
): Promise<MemberCreated> {
  requirePermission(scope, 'members:write');
  requireMayGrant(scope, input.role);
  const passwordHash = input.password === undefined ? undefined : await hashPassword(input.password);
  // A system transaction: an account may belong to several organizations, or to none yet.
  return await ctx.db.system(async (tx) => {
    const now = new Date(ctx.clock.now());
    const known = await lockAccount(tx, { email: input.email }, scope.organizationId);
    const account = known ?? (await createAccount(tx, scope, input, now));
    const joined = await insertMember(tx, {
      organizationId: scope.organizationId,
      userId: account.id,
      role: input.role,
      now,
    });
    if (!joined) throw new AppError('already_exists', `${account.email} is a member already.`);
    const setPassword = await givePassword(ctx, tx, account, passwordHash, now);
    const member = await selectMember(tx, scope.organizationId, account.id);
    if (member === undefined) throw new Error('The member that was just added is not there.');
    await audit(tx, scope, {
      action: 'member.added',
      target: auditTarget(member),
      after: { email: member.email, name: member.name, role: member.role },
    });
    await ctx.live.publish(tx, { organizationId: scope.organizationId, topic: 'member', ids: [member.id] });
    return { ...toMember(member), set_password: setPassword };
  });
}

async function createAccount(tx: Tx, scope: Scope, input: AddMemberInput, now: Date): Promise<AccountRow> {
  const email = input.email.toLowerCase();
  const name = input.name ?? email.slice(0, email.indexOf('@'));
  await insertUser(tx, { id: newId(), email, name, providerRole: null, now });
  const created = await lockAccount(tx, { email }, scope.organizationId);
  if (created === undefined) throw new Error('The account that was just made is not there.');
  return created;
}

/** An account that is in use keeps its password; one of another organization is not opened from here. */
async function givePassword(
  ctx: Pick<Ctx, 'clock' | 'config'>,
  tx: Tx,
  account: AccountRow,
  passwordHash: string | undefined,
  now: Date,
): Promise<PasswordLink | null> {
  const ours = !account.has_password && !account.elsewhere && account.provider_role === null;
  if (passwordHash !== undefined) {
    if (!ours)
      throw new AppError(
        'conflict',
        `${account.email} has an account with its own password. Leave "password" out.`,
      );
    await setPasswordHash(tx, account.id, passwordHash, now);
    return null;
  }
  return ours ? await issuePasswordLink(ctx, tx, account.id) : null;
}
