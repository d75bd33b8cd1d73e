import { findOrganization } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { KindConfig } from '#platform/kinds/registry';
import { closedReason, openChannel } from '../channels/open-channel.ts';
import { type ChannelRow, lockChannel } from '../channels/store.ts';
import type { Support } from '../channels/support.ts';
import type { ChannelKind } from '../kind.ts';
import { openRecipient } from '../recipients/open-recipient.ts';
import { confirmationOf, withUnsubscribe } from '../recipients/recipient-links.ts';
import { findRecipient, type RecipientRow } from '../recipients/store.ts';
import type { Message, MessageParts } from '../topics/message.ts';
import { findTopic, type Topic } from '../topics/topic.ts';
import { claimSeconds, type DeliveryJob } from './delivery-job.ts';
import {
  cancelMessage,
  claimMessage,
  findPendingAddress,
  lockEarlierRows,
  lockPendingMessage,
  type MessageRow,
  type PendingItem,
  postponeMessage,
  selectPendingItems,
  withdrawRows,
} from './message-store.ts';

/** How soon a postponed message is tried again. */
const waitSeconds = 1;

export interface ClaimedMessage {
  readonly id: string;
  /** Counts this attempt. */
  readonly attempts: number;
  /** A recipient with a row of its own; undefined: a recipient of the channel. */
  readonly recipient: RecipientRow | undefined;
  readonly content: Message;
}

export type Claim =
  | {
      readonly claim: 'send';
      readonly kind: ChannelKind;
      readonly config: KindConfig;
      readonly message: ClaimedMessage;
    }
  /** Nothing to send, not now, or not by this process. */
  | { readonly claim: 'none' };

type ClaimCtx = Pick<Ctx, 'clock' | 'config' | 'parts' | 'vault'>;

export interface ClaimRequest extends DeliveryJob {
  readonly support: Support;
}

/** Takes the right to send one message, or finds out why it is not to be sent. Locks: channel, message, earlier messages. */
export async function claimDelivery(ctx: ClaimCtx, tx: Tx, job: ClaimRequest): Promise<Claim> {
  const { organizationId, messageId } = job;
  const now = nowDate(ctx.clock);
  const address = await findPendingAddress(tx, organizationId, messageId);
  if (address === undefined) return { claim: 'none' };
  const { channelId, recipientId } = address;
  const channel = channelId === null ? undefined : await lockChannel(tx, organizationId, channelId);
  const message = await lockPendingMessage(tx, organizationId, messageId);
  // The worker that holds the claim writes the result. If it dies, the message is due when the claim has run out.
  if (message === undefined || message.held) return { claim: 'none' };

  const topic = findTopic(ctx, message.topic);
  // A newer release wrote it: its processes send it.
  if (topic === undefined) return { claim: 'none' };
  const recipient = recipientId === null ? undefined : await findRecipient(tx, organizationId, recipientId);
  const open =
    recipientId === null
      ? openFor(ctx, channel, message, job.support)
      : openRecipient(recipient, topic, ctx.config, job.support);
  if ('reason' in open) {
    const items = await selectPendingItems(tx, organizationId, messageId);
    const rows = items.map((item) => ({ notificationId: item.notificationId, reason: open.reason }));
    await withdrawRows(tx, organizationId, rows, now);
    return { claim: 'none' };
  }
  // Another process of the install can send it: it is left alone.
  if (open.kind.unavailable?.(ctx.config) !== undefined) return { claim: 'none' };
  const items = await passGate(tx, job, topic, message, now);
  if (items === 'wait') {
    await postponeMessage(tx, messageId, waitSeconds);
    return { claim: 'none' };
  }
  const organization = await findOrganization(tx, organizationId);
  if (items.length === 0 || organization === undefined) {
    await cancelMessage(tx, messageId, now);
    return { claim: 'none' };
  }
  const facts = readItems(topic, items);
  if (facts === undefined) {
    await postponeMessage(tx, messageId, waitSeconds);
    return { claim: 'none' };
  }
  await claimMessage(tx, messageId, claimSeconds);
  const content = topic.render({
    id: message.id,
    tone: message.tone,
    createdAt: message.createdAt,
    organization,
    recipient: message.recipient,
    items: facts,
    publicUrl: ctx.config.http.publicUrl,
    can: abilitiesOf(open.kind, open.config),
    ...confirmationOf(ctx, organizationId, topic, message),
  });
  const whole = withUnsubscribe(ctx, organizationId, { content, topic, recipient, kind: open.kind });
  return {
    claim: 'send',
    ...open,
    message: { id: message.id, attempts: message.attempts + 1, recipient, content: whole },
  };
}

function abilitiesOf({ capabilities, inbound }: ChannelKind, config: KindConfig): MessageParts['can'] {
  const { thread, buttons } = capabilities;
  return { thread, buttons: buttons && inbound?.accepts(config) === true };
}

/** undefined: a newer release wrote some of it, and its processes send it. */
function readItems(topic: Topic, items: readonly PendingItem[]): object[] | undefined {
  const facts = items.flatMap((item) => topic.readFacts(item.factsVersion, item.facts) ?? []);
  return facts.length === items.length ? facts : undefined;
}

/** The channel as it is now, which may not be as it was when the message was planned. */
function openFor(
  ctx: ClaimCtx,
  channel: ChannelRow | undefined,
  message: MessageRow,
  support: Support,
): { kind: ChannelKind; config: KindConfig } | { reason: string } {
  if (channel === undefined) return { reason: 'The channel was deleted.' };
  const opened = openChannel(channel, ctx.vault);
  if (opened.kind === undefined) return opened;
  const closed = closedReason(channel, opened.kind, ctx.config, support);
  if (closed !== undefined) return { reason: closed };
  const known = opened.kind
    .recipients(opened.config)
    .some((recipient) => recipient.label === message.recipient);
  return known ? opened : { reason: 'The recipient was taken off the channel.' };
}

/** The items that are left to tell, after the topic was asked about each. */
async function passGate(
  tx: Tx,
  job: DeliveryJob,
  { gate }: Topic,
  message: MessageRow,
  now: Date,
): Promise<PendingItem[] | 'wait'> {
  const { organizationId, messageId } = job;
  const items = await selectPendingItems(tx, organizationId, messageId);
  const asked = items.filter((item) => gate.judges.includes(item.transitionKind));
  if (asked.length === 0) return items;
  const of = { subjectIds: asked.map((item) => item.subjectId), kinds: gate.judgesBy };
  const earlier = Map.groupBy(await lockEarlierRows(tx, organizationId, of, message), (row) => row.subjectId);
  const withdrawn: { notificationId: string; reason: string }[] = [];
  for (const item of asked) {
    const verdict = gate.judge(earlier.get(item.subjectId) ?? [], messageId);
    if (verdict.verdict === 'wait') return 'wait';
    withdrawn.push(
      ...verdict.withdraw.map((row) => ({
        notificationId: row.notificationId,
        reason: gate.withdrawnReason(row),
      })),
    );
    if (verdict.verdict === 'skip')
      withdrawn.push({ notificationId: item.notificationId, reason: verdict.reason });
  }
  await withdrawRows(tx, organizationId, withdrawn, now);
  const gone = new Set(withdrawn.map((row) => row.notificationId));
  return items.filter((item) => !gone.has(item.notificationId));
}
