import type { Alert } from '@watchkeeper/contracts/alerting';
import type { Ref } from 'react';
import { AppLink } from '../../app/link';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Button } from '../../ui/button';
import { classes } from '../../ui/classes';
import { Badge, State } from '../../ui/mark';
import { Ago, Lasting } from '../../ui/moment';
import { toneOfSeverity } from '../../ui/tone';
import { needsYou } from './weight';

interface InboxRowProps {
  org: string;
  alert: Alert;
  current: boolean;
  chosen: boolean;
  /** undefined: this person may not act. */
  onChoose: (() => void) | undefined;
  onAcknowledge: (() => void) | undefined;
  onResolve: (() => void) | undefined;
  ref?: Ref<HTMLElement>;
}

/** One line of the inbox: how heavy, what, where, since when; its state and its next action at the end. */
export function InboxRow(props: InboxRowProps) {
  const { org, alert, current, chosen, onChoose, ref } = props;
  const quiet = !needsYou(alert);
  return (
    <article
      ref={ref}
      aria-labelledby={`alert-${alert.id}`}
      aria-current={current || undefined}
      className={classes(
        'flex items-start gap-x-1 border-b border-line py-2.5 pr-3 pl-1 last:border-b-0 sm:pr-4 sm:pl-2',
        chosen && 'bg-accent-soft',
        current && 'outline-2 -outline-offset-2 outline-accent',
      )}
    >
      {onChoose === undefined ? (
        <span className="w-2 sm:w-3" />
      ) : (
        <label className="flex size-11 shrink-0 cursor-pointer items-center justify-center">
          <input
            type="checkbox"
            checked={chosen}
            onChange={onChoose}
            aria-label={t.alert.choose(alert.title)}
            className="size-4.5 accent-accent"
          />
        </label>
      )}
      <div className="grid min-w-0 flex-1 gap-x-6 gap-y-2 py-1 md:grid-cols-[minmax(0,1fr)_auto] md:items-center">
        <div className="min-w-0">
          <h3
            id={`alert-${alert.id}`}
            className={classes('text-3 leading-snug', quiet ? 'text-ink-2' : 'font-semibold')}
          >
            <AppLink to={paths.alert({ org, alert: alert.id })} className="hover:underline">
              {alert.title}
            </AppLink>
          </h3>
          <p className="mt-0.5 line-clamp-2 text-2 text-ink-2">{alert.why}</p>
          <RowFacts alert={alert} />
        </div>
        <RowActions {...props} />
      </div>
    </article>
  );
}

function RowFacts({ alert }: { alert: Alert }) {
  const place = [alert.site?.name, alert.device?.name].filter((name) => name !== undefined).join(' · ');
  return (
    <p className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-1 text-ink-3">
      <Badge tone={needsYou(alert) ? toneOfSeverity(alert.severity) : 'unknown'}>
        {t.severity[alert.severity]}
      </Badge>
      {place === '' ? null : <span>{place}</span>}
      <Ago at={alert.opened_at} language={t.language} />
      {alert.status === 'resolved' ? (
        <Lasting at={alert.opened_at} until={alert.resolved_at} language={t.language}>
          {t.alert.lasted}
        </Lasting>
      ) : null}
      <RowStanding alert={alert} />
    </p>
  );
}

function RowStanding({ alert }: { alert: Alert }) {
  if (alert.status === 'resolved')
    return <State tone="ok">{t.alert.resolvedBy(alert.resolved_by ?? t.state.unavailable)}</State>;
  return (
    <>
      {alert.suppressed_by === null ? null : (
        <State tone="maintenance">{t.suppressedBy[alert.suppressed_by]}</State>
      )}
      {alert.status === 'acknowledged' ? (
        <State tone="unknown">{t.alert.acknowledgedBy(alert.acknowledged_by ?? t.state.unavailable)}</State>
      ) : null}
      {alert.escalated_at === null || alert.status !== 'open' ? null : (
        <State tone="attention">{t.transition.escalated}</State>
      )}
    </>
  );
}

function RowActions({ alert, current, onAcknowledge, onResolve }: InboxRowProps) {
  if (alert.status === 'resolved' || (onAcknowledge === undefined && onResolve === undefined)) return null;
  return (
    <div className="flex gap-2">
      {alert.status === 'open' && onAcknowledge !== undefined ? (
        <Button shortcut={current ? 'a' : undefined} onClick={onAcknowledge}>
          {t.action.acknowledge}
        </Button>
      ) : null}
      {onResolve === undefined ? null : (
        <Button variant="quiet" shortcut={current ? 'r' : undefined} onClick={onResolve}>
          {t.action.resolve}
        </Button>
      )}
    </div>
  );
}
