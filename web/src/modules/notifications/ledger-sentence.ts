import type { Notification } from '@watchkeeper/contracts/notifications';
import { t } from '../../messages';

type Row = Pick<
  Notification,
  'status' | 'transition' | 'recipient' | 'channel_id' | 'channel_kind' | 'channel_name'
>;

/** Who a row of the ledger is about: a person where mail goes to somebody we know, else the channel. */
export function whoOf(row: Row, names: ReadonlyMap<string, string>): string {
  if (row.channel_kind === 'email') return names.get(row.recipient.toLowerCase()) ?? row.recipient;
  return row.channel_name ?? row.recipient;
}

/** "Dana was told by e-mail that it was resolved"; the title of the alert follows. */
export function ledgerSentence(row: Row, names: ReadonlyMap<string, string>): string {
  const who = whoOf(row, names);
  if (who === '' || (row.channel_id === null && row.recipient === '')) return t.ledger.nobody;
  const by = row.channel_kind === 'email' ? t.ledger.byEmail : '';
  return t.ledger.say[row.status](who, by, t.ledger.that[row.transition] ?? '');
}
