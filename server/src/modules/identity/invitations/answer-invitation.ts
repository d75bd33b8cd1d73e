import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError, notFound } from '#platform/errors';
import { hashSecret } from '#platform/ids';
import { linkEnded } from '../accounts/complete-setup.ts';
import { deleteLinksOf } from '../accounts/store.ts';
import { audit } from '../audit/audit.ts';
import { insertMember } from '../members/store.ts';
import { selectOrganization } from '../organizations/store.ts';
import type { RequestMarks } from '../principal.ts';
import type { Caller } from '../scope.ts';
import { holdInvitation } from './hold-invitation.ts';
import { deleteInvitation, type InvitationRow, selectInvitationsTo } from './store.ts';

/** A person as named by a session or token. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

/** At most this many are shown to one person; nobody gets more in good faith. */
export const invitationsShownMax = 100;

/**
 * Needs a session and the link: the account proves who answers, and the link proves that this organization
 * invited that person. One alone is not enough, because an account's address was never verified.
 * @throws
 * unauthenticated for a link that ended, forbidden for another person's
 */
export async function acceptInvitation(
  ctx: Pick<Ctx, 'db' | 'clock' | 'live'>,
  person: Person,
  marks: RequestMarks,
  token: string,
): Promise<{ slug: string; name: string }> {
  // System transactions: the person is not yet a member of the organization.
  return await ctx.db.system(async (tx) => {
    const invitation = await holdInvitation(tx, hashSecret(token), new Date(ctx.clock.now()));
    if (invitation === undefined) throw linkEnded();
    if (invitation.email !== person.email)
      throw new AppError(
        'forbidden',
        `This invitation is for ${invitation.email}; you are signed in as ${person.email}.`,
      );
    return await join(ctx, tx, invitation, person, marks);
  });
}

/** Inside the caller's system transaction, with the invitation locked. */
export async function join(
  ctx: Pick<Ctx, 'clock' | 'live'>,
  tx: Tx,
  invitation: InvitationRow,
  person: Person,
  marks: RequestMarks,
): Promise<{ slug: string; name: string }> {
  const organizationId = invitation.organization_id;
  const organization = await selectOrganization(tx, organizationId);
  if (organization === undefined) throw linkEnded();
  await insertMember(tx, {
    organizationId,
    userId: person.id,
    role: invitation.role,
    now: new Date(ctx.clock.now()),
  });
  await deleteInvitation(tx, invitation.id);
  // From now on the account is used here too, so password links of other organizations become void.
  await deleteLinksOf(tx, person.id);
  const caller: Caller = { kind: 'user', id: person.id, name: person.name };
  await audit(
    tx,
    { ...marks, organizationId, caller },
    {
      action: 'member.added',
      target: { kind: 'member', id: person.id, name: person.email },
      after: {
        email: person.email,
        name: person.name,
        role: invitation.role,
        invited_by: invitation.invited_by,
      },
    },
  );
  await ctx.live.publish(tx, { organizationId, topic: 'member', ids: [person.id, invitation.id] });
  return { slug: organization.slug, name: organization.name };
}

/** Needs no link: the invited person may always decline. @throws not_found */
export async function declineInvitation(
  ctx: Pick<Ctx, 'db' | 'clock' | 'live'>,
  person: Person,
  marks: RequestMarks,
  id: string,
): Promise<void> {
  await ctx.db.system(async (tx) => {
    const mine = await selectInvitationsTo(tx, person.email, new Date(ctx.clock.now()), invitationsShownMax);
    const invitation = mine.find((one) => one.id === id);
    if (invitation === undefined) throw notFound('invitation');
    await deleteInvitation(tx, id);
    const organizationId = invitation.organization_id;
    const caller: Caller = { kind: 'user', id: person.id, name: person.name };
    await audit(
      tx,
      { ...marks, organizationId, caller },
      {
        action: 'member.invitation_declined',
        target: { kind: 'member', id, name: invitation.email },
        before: { email: invitation.email, role: invitation.role },
      },
    );
    await ctx.live.publish(tx, { organizationId, topic: 'member', ids: [id] });
  });
}
