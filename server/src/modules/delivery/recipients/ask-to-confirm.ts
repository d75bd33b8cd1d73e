import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { newId } from '#platform/ids';
import { insertMessages } from '../ledger/bundle-store.ts';
import { insertNotifications } from '../ledger/ledger-store.ts';
import type { PlannedRow } from '../ledger/planned-row.ts';
import { countAsks, insertAsk, lockAddress } from './ask-store.ts';
import { askedTransition, type ConfirmFacts, confirmLedger, confirmTopic } from './confirm-topic.ts';
import { isConfirmed, unconfirmableReason } from './open-recipient.ts';
import { findRecipient } from './store.ts';

/** Mails of this sort to one address in an hour, over all organizations and pages. */
export const asksPerHourMax = 3;
const windowMs = 3_600_000;

/**
 * What came of it. Show a stranger the same words for all of these: the answer must not tell who is known here.
 * `enough`: the address had its mails of this hour. `impossible`: nothing is sent to it any more.
 */
export type Asked = 'asked' | 'enough' | 'confirmed' | 'impossible';

/**
 * Sends a recipient the mail with the link that confirms the address, and not more often than an address bears.
 * `what`: what they asked for, in their language.
 */
export async function askToConfirm(
  ctx: Pick<Ctx, 'clock' | 'db' | 'live'>,
  organizationId: string,
  recipientId: string,
  what: string,
): Promise<Asked> {
  const now = nowDate(ctx.clock);
  // Across tenants: the limit counts the mails of all organizations to the address.
  return await ctx.db.system(async (tx) => {
    const recipient = await findRecipient(tx, organizationId, recipientId);
    if (recipient === undefined || unconfirmableReason(recipient) !== undefined) return 'impossible';
    if (isConfirmed(recipient)) return 'confirmed';
    await lockAddress(tx, recipient);
    if ((await countAsks(tx, recipient, new Date(now.getTime() - windowMs))) >= asksPerHourMax)
      return 'enough';
    await insertAsk(tx, organizationId, recipient, now);
    const facts: ConfirmFacts = { what, language: recipient.language };
    const row: PlannedRow = {
      transition: { id: newId(), subjectId: recipientId, kind: askedTransition, facts },
      channelId: null,
      recipientId,
      channelKind: recipient.kind,
      channelName: null,
      recipient: recipient.address,
      notSent: undefined,
    };
    const id = newId();
    const message = {
      id,
      channelId: null,
      recipientId,
      recipient: recipient.address,
      tone: confirmTopic.toneOf(askedTransition),
      startAfterSeconds: 0,
    };
    await insertMessages(tx, organizationId, confirmLedger.topic, [message], now);
    const ids = await insertNotifications(
      tx,
      organizationId,
      confirmLedger,
      [row],
      new Map([[row, id]]),
      now,
    );
    await ctx.live.publish(tx, { organizationId, topic: 'notification', ids });
    return 'asked';
  });
}
