import type { Tx } from '#platform/db/database';
import { invalidField } from '#platform/errors';
import { channelKinds } from '../registry.ts';
import { insertRecipient, type NewRecipient } from './store.ts';

/**
 * Adds somebody who asks to be told, or whom somebody else adds. The kind decides how an address is written, so that
 * one address is one recipient. Returns its id. @throws validation_failed
 */
export async function addRecipient(
  tx: Tx,
  organizationId: string,
  recipient: NewRecipient,
  now: Date,
): Promise<string> {
  const kind = channelKinds.get(recipient.kind);
  if (kind.addressed === undefined) throw invalidField('kind', `"${kind.kind}" reaches no single address`);
  const config = channelKinds.parse(kind, kind.addressed(recipient.address));
  const address = kind.recipients(config)[0]?.label ?? recipient.address;
  return await insertRecipient(tx, organizationId, { ...recipient, address }, now);
}
