import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { claimSeconds, type DeliveryJob } from './delivery-job.ts';
import {
  cancelMessage,
  claimMessage,
  findPendingChannel,
  lockEarlierRows,
  lockPendingMessage,
  type MessageRow,
  type PendingItem,
  postponeMessage,
  selectPendingItems,
  withdrawRows,
} from './delivery-store.ts';
import { judgeResolution, withdrawnReason } from './gate.ts';
import type { ChannelKind } from './kind.ts';
import type { Message } from './message.ts';
import { closedReason, openChannel } from './open-channel.ts';
import type { ChannelConfig } from './registry.ts';
import { type ChannelRow, lockChannel, readOrganization } from './store.ts';
import type { Support } from './support.ts';
import { composeMessage } from './templates.ts';

/** How soon a message that had to step back looks again. */
const waitSeconds = 1;

export interface ClaimedMessage {
  readonly id: string;
  /** Counts this attempt. */
  readonly attempts: number;
  readonly content: Message;
}

export type Claim =
  | {
      readonly claim: 'send';
      readonly kind: ChannelKind;
      readonly config: ChannelConfig;
      readonly message: ClaimedMessage;
    }
  /** Nothing to send, not now, or not by this process. */
  | { readonly claim: 'none' };

type ClaimCtx = Pick<Ctx, 'clock' | 'config' | 'vault'>;

export interface ClaimRequest extends DeliveryJob {
  readonly support: Support;
}

/** Takes the right to send one message, or finds out why it is not to be sent. Locks: channel, message, earlier messages. */
export async function claimDelivery(ctx: ClaimCtx, tx: Tx, job: ClaimRequest): Promise<Claim> {
  const { organizationId, messageId } = job;
  const now = nowDate(ctx.clock);
  const channelId = await findPendingChannel(tx, organizationId, messageId);
  if (channelId === undefined) return { claim: 'none' };
  const channel = await lockChannel(tx, organizationId, channelId);
  const message = await lockPendingMessage(tx, organizationId, messageId);
  // Whoever holds the claim writes the result; should it die, the message is due when the claim has run out.
  if (message === undefined || message.held) return { claim: 'none' };

  const open = openFor(ctx, channel, message, job.support);
  if ('reason' in open) {
    const items = await selectPendingItems(tx, organizationId, messageId);
    const rows = items.map((item) => ({ notificationId: item.notificationId, reason: open.reason }));
    await withdrawRows(tx, organizationId, rows, now);
    return { claim: 'none' };
  }
  // Another process of the install can send it: it is left alone.
  if (open.kind.unavailable?.(ctx.config) !== undefined) return { claim: 'none' };
  const items = await passGate(tx, job, message, now);
  if (items === 'wait') {
    await postponeMessage(tx, messageId, waitSeconds);
    return { claim: 'none' };
  }
  const organization = await readOrganization(tx, organizationId);
  if (items.length === 0 || organization === undefined) {
    await cancelMessage(tx, messageId, now);
    return { claim: 'none' };
  }
  await claimMessage(tx, messageId, claimSeconds);
  const content = composeMessage({
    id: message.id,
    tone: message.tone,
    createdAt: message.createdAt,
    organization,
    recipient: message.recipient,
    items: items.map((item) => item.facts),
    publicUrl: ctx.config.http.publicUrl,
  });
  return { claim: 'send', ...open, message: { id: message.id, attempts: message.attempts + 1, content } };
}

/** The channel as it is now, which may not be as it was when the message was planned. */
function openFor(
  ctx: ClaimCtx,
  channel: ChannelRow | undefined,
  message: MessageRow,
  support: Support,
): { kind: ChannelKind; config: ChannelConfig } | { reason: string } {
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

/** What is left to tell, once resolutions have been held against their openings. */
async function passGate(
  tx: Tx,
  job: DeliveryJob,
  message: MessageRow,
  now: Date,
): Promise<PendingItem[] | 'wait'> {
  const { organizationId, messageId } = job;
  const items = await selectPendingItems(tx, organizationId, messageId);
  const resolved = items.filter((item) => item.transitionKind === 'resolved');
  if (resolved.length === 0) return items;
  const alertIds = resolved.map((item) => item.alertId);
  const earlier = Map.groupBy(
    await lockEarlierRows(tx, organizationId, alertIds, message),
    (row) => row.alertId,
  );
  const withdrawn: { notificationId: string; reason: string }[] = [];
  for (const item of resolved) {
    const verdict = judgeResolution(earlier.get(item.alertId) ?? [], messageId);
    if (verdict.verdict === 'wait') return 'wait';
    withdrawn.push(
      ...verdict.withdraw.map((row) => ({
        notificationId: row.notificationId,
        reason: withdrawnReason(row),
      })),
    );
    if (verdict.verdict === 'skip')
      withdrawn.push({ notificationId: item.notificationId, reason: verdict.reason });
  }
  await withdrawRows(tx, organizationId, withdrawn, now);
  const gone = new Set(withdrawn.map((row) => row.notificationId));
  return items.filter((item) => !gone.has(item.notificationId));
}
