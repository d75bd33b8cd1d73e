import { sql } from 'kysely';
import { personalRows } from '#platform/personal-rows';
import type { PersonalData } from '#platform/privacy';
import { personalChannels } from './recipients/personal-channels.ts';

const ledger = personalRows({
  table: 'notifications',
  what: 'to whom an alert was sent, and what was said, with the name of who resolved it',
  texts: ['recipient', 'reason'],
  json: ['facts'],
  beside: ['topic', 'created_at', 'status', 'channel_name'],
  erases: 'trace',
});

const messages = personalRows({
  table: 'notification_messages',
  what: 'to whom a message was sent, and the answer of the receiver',
  texts: ['recipient', 'last_answer'],
  beside: ['topic', 'created_at', 'status'],
  erases: 'trace',
});

/** In the order of docs/lock-order.md. */
export const deliveryPrivacy: readonly PersonalData[] = [
  personalRows({
    table: 'recipients',
    what: 'the address of somebody who asked to be told',
    addresses: ['address'],
    texts: ['suppressed_reason'],
    beside: ['topic', 'kind', 'language', 'opted_in_at', 'verified_at', 'suppressed_at', 'suppressed_cause'],
    erases: 'row',
  }),
  personalRows({
    table: 'recipient_confirmations',
    what: 'the address that was asked for a confirmation within the last day',
    addresses: ['address'],
    beside: ['kind', 'asked_at'],
    erases: 'row',
  }),
  personalChannels,
  {
    ...messages,
    async erase(tx, person, alias) {
      // Nothing more is sent to the address.
      await sql`
        update notification_messages set status = 'cancelled', settled_at = clock_timestamp(), claimed_until = null
        where status = 'pending' and lower(recipient) = ${person.email}`.execute(tx);
      return await messages.erase(tx, person, alias);
    },
  },
  {
    ...ledger,
    async erase(tx, person, alias) {
      await sql`
        update notifications set status = 'not_sent', reason = 'The recipient was erased.', settled_at = clock_timestamp()
        where status = 'pending' and lower(recipient) = ${person.email}`.execute(tx);
      return await ledger.erase(tx, person, alias);
    },
  },
];
