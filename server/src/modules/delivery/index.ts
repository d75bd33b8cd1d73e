import type { Module } from '#platform/module';
import { definePart } from '#platform/parts';
import { ensureEnvironmentChannels, warnOfUnknownChannels } from './channels/environment.ts';
import { keepRenameFollowers } from './channels/renamed.ts';
import { deliveryClockRules } from './clock-rules.ts';
import { retentionWork } from './ledger/retention.ts';
import { deliveryPrivacy } from './privacy.ts';
import { createDeliveries, type Deliveries } from './queue/deliveries.ts';
import { confirmTopic } from './recipients/confirm-topic.ts';
import { channelSearch } from './search-store.ts';
import { keepTopics } from './topics/topic.ts';

export {
  addChannel,
  type ChannelDraft,
  changeChannel,
  removeChannel,
} from './channels/channel-writes.ts';
export { type ChannelSync, syncEnvironmentChannels } from './channels/environment.ts';
export { generateSecrets } from './channels/generate-secrets.ts';
export { openChannel } from './channels/open-channel.ts';
export { type Reach, readReach } from './channels/reach.ts';
export { listChannels } from './channels/read-channels.ts';
export type { RenameWork } from './channels/renamed.ts';
export { leftOut, type RoutedSubject, vetRouting } from './channels/routing.ts';
export { type ChannelRow, holdChannels, selectChannels } from './channels/store.ts';
export { readSupport, type Support } from './channels/support.ts';
export { toDraft } from './channels/update-channel.ts';
export { vetUrls } from './channels/vet-urls.ts';
export type { Said } from './inbound/inbound.ts';
export type { ChannelKind, Recipient } from './kind.ts';
export { beginPlan, selectTold, tryLockLedger } from './ledger/ledger-store.ts';
export type { PlannedRow, Told, Transition } from './ledger/planned-row.ts';
export { writeLedger, writeUnplannable } from './ledger/write-ledger.ts';
export { readDeliveryBacklog } from './queue/due-store.ts';
export { addRecipient } from './recipients/add-recipient.ts';
export { type Asked, askToConfirm } from './recipients/ask-to-confirm.ts';
export { addressRecipients } from './recipients/open-recipient.ts';
export {
  type RecipientRow,
  removeRecipient,
  selectRecipients,
  suppressRecipient,
  verifyRecipient,
} from './recipients/store.ts';
export { channelKinds } from './registry.ts';
export { newWebhookSecret, signWebhook } from './senders/standard-webhooks.ts';
export type { EventLabels, EventMember, MessageEvent } from './topics/event.ts';
export type { EarlierRow, Gate, GateVerdict } from './topics/gate.ts';
export type { Message, MessageAction, MessageParts } from './topics/message.ts';
export { localTimeText } from './topics/time-text.ts';
export { defineTopic, type Topic, type TopicActions } from './topics/topic.ts';

const deliveriesPart = definePart<Deliveries>('delivery.deliveries');

/** Delivers each message once: channels, messages, attempts and the ledger. Topics of other modules write the messages. */
export const deliveryModule: Module = {
  name: 'delivery',
  http: () => import('./http.ts'),
  privacy: deliveryPrivacy,
  live: [
    { topic: 'channel', permission: 'read' },
    { topic: 'notification', permission: 'read' },
  ],
  search: [channelSearch],
  clockRules: deliveryClockRules,
  periodic: [retentionWork],
  topics: [confirmTopic],
  async start(ctx, house) {
    keepTopics(ctx, house);
    keepRenameFollowers(ctx, house);
    if (ctx.process.onePass) await warnOfUnknownChannels(ctx);
    else await ensureEnvironmentChannels(ctx);
    return ctx.parts.put(deliveriesPart, createDeliveries(ctx));
  },
  work: (ctx) => ctx.parts.get(deliveriesPart).start(),
  tellOnce: (ctx, signal) => ctx.parts.get(deliveriesPart).once(signal),
};
