import { findOrganization } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { type RecipientLanguage, toLanguage } from './language.ts';
import { confirmHours, type LinkPurpose, openLink, type RecipientLink } from './link.ts';
import { isConfirmed } from './open-recipient.ts';
import { confirmRecipient, findRecipient, type RecipientRow, unsubscribeRecipient } from './store.ts';

/** What a link leads to. `asks`: nothing has changed, and a button would change it. */
export type Followed =
  | { readonly state: 'invalid' }
  | { readonly state: 'expired'; readonly language: RecipientLanguage }
  | {
      readonly state: 'asks' | 'done';
      readonly language: RecipientLanguage;
      readonly organization: string;
      /** Empty: the recipient was removed, and so is unsubscribed. */
      readonly address: string;
    };

type LinkCtx = Pick<Ctx, 'clock' | 'db' | 'vault'>;

/** Looks where the link leads. Programs that look at every link of a mail change nothing by it. */
export async function lookAtLink(ctx: LinkCtx, purpose: LinkPurpose, token: string): Promise<Followed> {
  return await follow(ctx, purpose, token, async (_tx, _link, recipient) => recipient);
}

/** Does what the link is for. Doing it twice changes nothing. */
export async function followLink(ctx: LinkCtx, purpose: LinkPurpose, token: string): Promise<Followed> {
  const now = nowDate(ctx.clock);
  return await follow(ctx, purpose, token, async (tx, { organizationId, issuedAt }, { id }) => {
    if (purpose === 'confirm') return await confirmRecipient(tx, organizationId, id, new Date(issuedAt), now);
    await unsubscribeRecipient(tx, organizationId, id, now);
    return await findRecipient(tx, organizationId, id);
  });
}

async function follow(
  ctx: LinkCtx,
  purpose: LinkPurpose,
  token: string,
  work: (tx: Tx, link: RecipientLink, recipient: RecipientRow) => Promise<RecipientRow | undefined>,
): Promise<Followed> {
  const link = openLink(ctx.vault, purpose, token);
  if (link === undefined) return { state: 'invalid' };
  return await ctx.db.tenant(link.organizationId, async (tx) => {
    const organization = await findOrganization(tx, link.organizationId);
    if (organization === undefined) return { state: 'invalid' };
    const before = await findRecipient(tx, link.organizationId, link.recipientId);
    const language = toLanguage(before?.language ?? null);
    const isLate = ctx.clock.now() - link.issuedAt > confirmHours * 3_600_000;
    if (purpose === 'confirm' && before === undefined) return { state: 'invalid' };
    if (purpose === 'confirm' && isLate && before !== undefined && !isConfirmed(before))
      return { state: 'expired', language };
    const after = before === undefined ? undefined : await work(tx, link, before);
    const isDone = after === undefined || (purpose === 'confirm' ? isConfirmed(after) : isEnded(after));
    return {
      state: isDone ? 'done' : 'asks',
      language,
      organization: organization.name,
      address: after?.address ?? '',
    };
  });
}

function isEnded({ suppressedAt }: RecipientRow): boolean {
  return suppressedAt !== null;
}
