import type { Config } from '#config';
import type { KindConfig } from '#platform/kinds/registry';
import type { Support } from '../channels/support.ts';
import { unsupportedReason } from '../channels/support.ts';
import type { ChannelKind } from '../kind.ts';
import type { PlannedRow, Transition } from '../ledger/planned-row.ts';
import { channelKinds } from '../registry.ts';
import type { Topic } from '../topics/topic.ts';
import type { RecipientRow } from './store.ts';

/** Why nothing may be sent to them. */
export function withheldReason(recipient: RecipientRow): string | undefined {
  if (recipient.suppressedAt !== null)
    return `Nothing is sent to this address any more: ${recipient.suppressedReason ?? 'no reason is known.'}`;
  if (recipient.optedInAt === null) return 'They have not asked to be told.';
  return recipient.verifiedAt === null ? 'The address is not verified.' : undefined;
}

/** Their wish and their confirmation are there, and nothing stands against sending. */
export function isConfirmed(recipient: RecipientRow): boolean {
  return withheldReason(recipient) === undefined;
}

/** Why not even a confirmation may be asked for. A person who unsubscribed may subscribe again. */
export function unconfirmableReason({ suppressedAt, suppressedCause, suppressedReason }: RecipientRow) {
  if (suppressedAt === null || suppressedCause === 'unsubscribed') return undefined;
  return `Nothing is sent to this address any more: ${suppressedReason ?? 'no reason is known.'}`;
}

/** Rows of the ledger that tell these recipients of a transition, or say why not. */
export function addressRecipients<Of extends Transition>(
  transition: Of,
  recipients: readonly RecipientRow[],
): PlannedRow<Of>[] {
  return recipients.map((recipient) => ({
    transition,
    channelId: null,
    recipientId: recipient.id,
    channelKind: recipient.kind,
    channelName: null,
    recipient: recipient.address,
    notSent: withheldReason(recipient),
  }));
}

/** The kind and the config that reach them now, which may not be as it was when the message was planned. */
export function openRecipient(
  recipient: RecipientRow | undefined,
  topic: Pick<Topic, 'asksToConfirm'>,
  config: Pick<Config, 'email'>,
  support: Support,
): { kind: ChannelKind; config: KindConfig } | { reason: string } {
  if (recipient === undefined) return { reason: 'The recipient was removed.' };
  if (topic.asksToConfirm === true && isConfirmed(recipient))
    return { reason: 'The address was confirmed in the meantime.' };
  const withheld = topic.asksToConfirm === true ? unconfirmableReason(recipient) : withheldReason(recipient);
  if (withheld !== undefined) return { reason: withheld };
  const kind = channelKinds.find(recipient.kind);
  const reached = kind?.addressed?.(recipient.address);
  if (kind === undefined || reached === undefined)
    return { reason: `This release reaches no single address by the kind "${recipient.kind}".` };
  const unsupported = unsupportedReason(kind, config, support);
  return unsupported === undefined ? { kind, config: reached } : { reason: unsupported };
}
