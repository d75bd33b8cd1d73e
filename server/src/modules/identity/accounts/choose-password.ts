import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError } from '#platform/errors';
import { hashSecret } from '#platform/ids';
import { join } from '../invitations/answer-invitation.ts';
import { holdInvitation } from '../invitations/hold-invitation.ts';
import type { InvitationRow } from '../invitations/store.ts';
import { type RequestMarks, toRole } from '../principal.ts';
import { wordStands } from '../word-stands.ts';
import { linkEnded } from './complete-setup.ts';
import { requireGoodPassword } from './password-rules.ts';
import { hashPassword } from './passwords.ts';
import {
  insertUser,
  lockAccount,
  selectUserWithMemberships,
  setPasswordHash,
  type UserRow,
  useLink,
} from './store.ts';

/**
 * A person's own password, by a one-time link: of an invitation, which makes the account and joins, or of an
 * organization to which the account belongs alone. The link is the credential.
 * @throws unauthenticated for a link that ended, conflict for an invitation of somebody who has an account
 */
export async function choosePassword(
  ctx: Pick<Ctx, 'db' | 'clock' | 'live'>,
  input: { token: string; password: string; name?: string },
  marks: RequestMarks,
): Promise<UserRow> {
  requireGoodPassword('password', input.password);
  const passwordHash = await hashPassword(input.password);
  const hash = hashSecret(input.token);
  const now = new Date(ctx.clock.now());
  // A system transaction: the holder of a link is not a member of any organization yet.
  return await ctx.db.system(async (tx) => {
    const invitation = await holdInvitation(tx, hash, now);
    const user =
      invitation === undefined
        ? await byPasswordLink(tx, hash, now)
        : await byInvitation(tx, invitation, input.name, now);
    await setPasswordHash(tx, user.id, passwordHash, now);
    if (invitation !== undefined) await join(ctx, tx, invitation, user, marks);
    return user;
  });
}

/** A link of an organization: void when the account is also used elsewhere, or no longer used there. */
async function byPasswordLink(tx: Tx, hash: Buffer, now: Date): Promise<UserRow> {
  const link = await useLink(tx, hash, now);
  if (link === undefined || link.user_id === null) throw linkEnded();
  const rows = await selectUserWithMemberships(tx, link.user_id);
  const [user] = rows;
  if (user === undefined) throw linkEnded();
  if (link.by_operator) return user;
  if (user.provider_role !== null) throw linkEnded();
  const issuer = link.organization_id ?? user.organization_id;
  if (rows.some((row) => row.organization_id === null || row.organization_id !== issuer)) throw linkEnded();
  const role = toRole(user.role);
  if (issuer === null || role === undefined || !(await wordStands(tx, issuer, link, role, now)))
    throw linkEnded();
  return user;
}

async function byInvitation(
  tx: Tx,
  invitation: InvitationRow,
  name: string | undefined,
  now: Date,
): Promise<UserRow> {
  const { email, organization_id: organizationId } = invitation;
  await insertUser(tx, {
    id: invitation.id,
    email,
    name: name ?? invitation.name,
    providerRole: null,
    now,
  });
  const account = await lockAccount(tx, { email }, organizationId);
  if (account === undefined) throw linkEnded();
  // A link may open only an account that is not in use yet. An existing password belongs to its person.
  if (account.has_password || account.elsewhere || account.provider_role !== null) {
    throw new AppError(
      'conflict',
      `${email} has an account already. Sign in with its own password, and accept the invitation there.`,
    );
  }
  return account;
}
