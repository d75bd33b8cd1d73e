import type { LinkFacts, MyInvitation } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import { hashSecret } from '#platform/ids';
import { linkEnded } from '../accounts/complete-setup.ts';
import { findLink, selectCredential, selectUserWithMemberships } from '../accounts/store.ts';
import { selectOrganization } from '../organizations/store.ts';
import { invitationsShownMax } from './answer-invitation.ts';
import { holdInvitation } from './hold-invitation.ts';
import { selectInvitationsTo } from './store.ts';

/** Open invitations for the address of the person. */
export async function listMyInvitations(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  person: { email: string },
): Promise<{ data: MyInvitation[] }> {
  const now = new Date(ctx.clock.now());
  const rows = await ctx.db.system((tx) => selectInvitationsTo(tx, person.email, now, invitationsShownMax));
  return {
    data: rows.map((row) => ({
      id: row.id,
      organization: { slug: row.slug, name: row.organization_name },
      role: row.role,
      invited_by: row.invited_by,
      created_at: row.created_at.toISOString(),
      expires_at: row.expires_at.toISOString(),
    })),
  };
}

/**
 * The purpose of a one-time link, without using it up. The link is the credential.
 * @throws unauthenticated
 */
export async function describeLink(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  input: { token: string },
): Promise<LinkFacts> {
  const now = new Date(ctx.clock.now());
  const hash = hashSecret(input.token);
  return await ctx.db.system(async (tx) => {
    const invitation = await holdInvitation(tx, hash, now);
    if (invitation !== undefined) {
      const organization = await selectOrganization(tx, invitation.organization_id);
      if (organization === undefined) throw linkEnded();
      const account = await selectCredential(tx, invitation.email);
      return {
        email: invitation.email,
        invitation: {
          id: invitation.id,
          organization: { slug: organization.slug, name: organization.name },
          role: invitation.role,
          invited_by: invitation.invited_by,
        },
        has_account: account !== undefined && account.password !== null,
      };
    }
    const link = await findLink(tx, hash, now);
    const [user] = link?.user_id == null ? [] : await selectUserWithMemberships(tx, link.user_id);
    if (user === undefined) throw linkEnded();
    return { email: user.email, invitation: null, has_account: true };
  });
}
