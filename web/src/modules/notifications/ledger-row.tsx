import type { Notification } from '@watchkeeper/contracts/notifications';
import type { ReactNode } from 'react';
import { AppLink } from '../../app/link';
import { t } from '../../messages';
import { paths } from '../../paths';
import { State } from '../../ui/mark';
import { Ago, At } from '../../ui/moment';
import type { Tone } from '../../ui/tone';
import { ledgerSentence, whoOf } from './ledger-sentence';

const tone: Record<Notification['status'], Tone> = {
  sent: 'ok',
  pending: 'unknown',
  not_sent: 'unknown',
  failed: 'problem',
};

interface LedgerRowProps {
  org: string;
  row: Notification;
  /** Names of members by their address. */
  names: ReadonlyMap<string, string>;
}

/** One entry as a sentence: who was told of what and how, or why not, and after how many tries. */
export function LedgerRow({ org, row, names }: LedgerRowProps) {
  return (
    <li className="grid gap-x-6 gap-y-1 border-b border-line px-4 py-3 last:border-b-0 sm:px-5 md:grid-cols-[7.5rem_minmax(0,1fr)_auto] md:items-baseline">
      <div className="flex items-baseline justify-between gap-3 md:contents">
        <State tone={tone[row.status]}>{t.ledger.status[row.status]}</State>
        <span className="text-1 text-ink-3 md:order-last md:text-right">
          <At at={row.settled_at ?? row.created_at} language={t.language} />
        </span>
      </div>
      <div className="grid min-w-0 gap-0.5">
        <p>
          {ledgerSentence(row, names)}
          {t.ledger.colon}{' '}
          {row.alert_id === null ? (
            <span className="font-semibold">{row.subject_title}</span>
          ) : (
            <AppLink
              to={paths.alert({ org, alert: row.alert_id })}
              className="inline-block font-semibold hover:underline max-sm:py-1"
            >
              {row.subject_title}
            </AppLink>
          )}
        </p>
        {row.reason === null ? null : <p className="text-ink-2">{row.reason}</p>}
        <Small org={org} row={row} names={names} />
        <ReceiversAnswer row={row} />
      </div>
    </li>
  );
}

/** Address, channel, tries: what somebody looks for who asks how. */
function Small({ org, row, names }: LedgerRowProps) {
  const { message } = row;
  const who = whoOf(row, names);
  const facts: { key: string; text: ReactNode }[] = [];
  if (row.recipient !== '' && row.recipient !== who) facts.push({ key: 'recipient', text: row.recipient });
  if (row.channel_id !== null) {
    facts.push({
      key: 'channel',
      text: (
        <AppLink
          to={paths.channel({ org, channel: row.channel_id })}
          className="inline-block text-accent hover:underline max-sm:py-2.5"
        >
          {row.channel_name === null || row.channel_name === who ? t.ledger.toChannel : row.channel_name}
        </AppLink>
      ),
    });
  }
  if (message !== null && message.told_together > 1) {
    facts.push({ key: 'together', text: t.alert.together(message.told_together) });
  }
  if (message !== null && message.attempts > 0 && (message.attempts > 1 || row.status !== 'sent')) {
    facts.push({ key: 'attempts', text: t.alert.attempts(message.attempts) });
  }
  if (message !== null && message.next_attempt_at !== null) {
    facts.push({
      key: 'next',
      text: (
        <Ago at={message.next_attempt_at} language={t.language}>
          {t.ledger.nextAttempt}
        </Ago>
      ),
    });
  }
  if (facts.length === 0) return null;
  return (
    <p className="flex flex-wrap items-baseline gap-x-3 text-1 text-ink-3">
      {facts.map((fact) => (
        <span key={fact.key}>{fact.text}</span>
      ))}
    </p>
  );
}

function ReceiversAnswer({ row }: { row: Notification }) {
  if (row.message?.answer == null || row.status === 'sent') return null;
  return (
    <details className="text-1">
      <summary className="min-h-6 text-accent max-sm:py-2.5">{t.ledger.answer}</summary>
      <code className="block font-mono text-1 break-words text-ink-2">{row.message.answer}</code>
    </details>
  );
}
