import type { Ctx } from '#platform/context';
import type { ChannelKind } from '../kind.ts';
import type { Message, MessageParts } from '../topics/message.ts';
import type { Topic } from '../topics/topic.ts';
import { toLanguage } from './language.ts';
import { linkUrl } from './link.ts';
import type { RecipientRow } from './store.ts';
import { recipientWords } from './words.ts';

type LinkCtx = Pick<Ctx, 'config' | 'vault'>;

/** The link of a mail that asks for a confirmation; its time runs from when it was asked for, not from this attempt. */
export function confirmationOf(
  ctx: LinkCtx,
  organizationId: string,
  topic: Topic,
  message: { readonly recipientId: string | null; readonly createdAt: Date },
): Pick<MessageParts, 'confirmUrl'> {
  const { recipientId, createdAt } = message;
  if (topic.asksToConfirm !== true || recipientId === null) return {};
  const link = { purpose: 'confirm', organizationId, recipientId, issuedAt: createdAt.getTime() } as const;
  return { confirmUrl: linkUrl(ctx, link) };
}

/** Adds the unsubscribe link to every message to a recipient, whatever its topic rendered. */
export function withUnsubscribe(
  ctx: LinkCtx,
  organizationId: string,
  of: {
    readonly content: Message;
    readonly topic: Topic;
    readonly recipient: RecipientRow | undefined;
    readonly kind: ChannelKind;
  },
): Message {
  const { content, topic, recipient, kind } = of;
  if (recipient === undefined || topic.asksToConfirm === true || !kind.capabilities.unsubscribe)
    return content;
  const issuedAt = content.createdAt.getTime();
  const url = linkUrl(ctx, { purpose: 'unsubscribe', organizationId, recipientId: recipient.id, issuedAt });
  return {
    ...content,
    unsubscribe: { url, label: recipientWords[toLanguage(recipient.language)].unsubscribe },
  };
}
