import type { Notification } from '@watchkeeper/contracts/notifications';
import { AppLink } from '../../app/link';
import { t } from '../../messages';
import { paths } from '../../paths';
import { State } from '../../ui/mark';
import { Ago, At } from '../../ui/moment';
import type { Tone } from '../../ui/tone';

const tone: Record<Notification['status'], Tone> = {
  sent: 'ok',
  pending: 'unknown',
  not_sent: 'unknown',
  failed: 'problem',
};

/** One entry: whether it was told, of what, to whom through which channel, why not, and after how many tries. */
export function LedgerRow({ org, row }: { org: string; row: Notification }) {
  return (
    <li className="grid gap-x-6 gap-y-1 border-b border-line px-4 py-3 last:border-b-0 md:grid-cols-[8.5rem_minmax(0,1fr)_minmax(0,16rem)_7rem] md:items-baseline">
      <div className="flex items-baseline justify-between gap-3 md:contents">
        <State tone={tone[row.status]}>{t.ledger.status[row.status]}</State>
        <span className="text-1 text-ink-3 md:order-last md:text-right">
          <At at={row.settled_at ?? row.created_at} language={t.language} />
        </span>
      </div>
      <div className="min-w-0">
        <AppLink to={paths.alert({ org, alert: row.alert_id })} className="font-medium hover:underline">
          {row.alert_title}
        </AppLink>{' '}
        <span className="text-ink-3">{t.ledgerTransition[row.transition] ?? row.transition}</span>
        <Reason row={row} />
      </div>
      <Recipient org={org} row={row} />
    </li>
  );
}

function Reason({ row }: { row: Notification }) {
  const { message } = row;
  const facts = [
    message !== null && message.told_together > 1 ? t.alert.together(message.told_together) : undefined,
    message !== null && (message.attempts > 1 || row.status !== 'sent')
      ? t.alert.attempts(message.attempts)
      : undefined,
    message !== null && message.answer_status !== null && row.status !== 'sent'
      ? t.ledger.answered(message.answer_status)
      : undefined,
  ].filter((fact) => fact !== undefined);
  return (
    <>
      {row.reason === null ? null : <p className="text-2 text-ink-2">{row.reason}</p>}
      {facts.length === 0 && message?.next_attempt_at == null ? null : (
        <p className="flex flex-wrap gap-x-3 text-1 text-ink-3">
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
          {message === null || message.next_attempt_at === null ? null : (
            <Ago at={message.next_attempt_at} language={t.language}>
              {t.ledger.nextAttempt}
            </Ago>
          )}
        </p>
      )}
      {message?.answer == null || row.status === 'sent' ? null : (
        <details className="text-1">
          <summary className="min-h-6 text-accent">{t.ledger.answer}</summary>
          <code className="block font-mono text-1 break-words text-ink-2">{message.answer}</code>
        </details>
      )}
    </>
  );
}

function Recipient({ org, row }: { org: string; row: Notification }) {
  if (row.channel_id === null) return <span className="text-ink-3">{t.ledger.nobody}</span>;
  return (
    <div className="min-w-0 text-2 break-words text-ink-2">
      {row.recipient === '' ? null : <span className="block">{row.recipient}</span>}
      <AppLink
        to={paths.channel({ org, channel: row.channel_id })}
        className="text-1 text-accent hover:underline"
      >
        {row.channel_name ?? row.channel_kind ?? t.state.unavailable}
      </AppLink>
    </div>
  );
}
