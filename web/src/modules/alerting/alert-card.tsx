import type { Alert } from '@watchkeeper/contracts/alerting';
import type { Ref } from 'react';
import { AppLink } from '../../app/link';
import { useSiteZone } from '../../app/site-zone';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Button, buttonClass } from '../../ui/button';
import { classes } from '../../ui/classes';
import { Badge, State } from '../../ui/mark';
import { Ago, Lasting } from '../../ui/moment';
import { toneOfSeverity } from '../../ui/tone';
import { needsYou } from './weight';

const edge = {
  problem: 'border-l-problem',
  attention: 'border-l-attention',
  unknown: 'border-l-unknown',
  ok: 'border-l-ok',
  maintenance: 'border-l-maintenance',
} as const;

interface AlertCardProps {
  org: string;
  alert: Alert;
  /** undefined: this person may not act. */
  onAcknowledge: ((alert: Alert) => void) | undefined;
  onResolve: ((alert: Alert) => void) | undefined;
  /** The card that the keys act on shows them. */
  current?: boolean;
  /** The heaviest one: its first action is the page's first action. */
  lead?: boolean;
  ref?: Ref<HTMLElement>;
}

/** One alert: what, where, since when, why, and what can be done, in that order. */
export function AlertCard({
  org,
  alert,
  onAcknowledge,
  onResolve,
  current = false,
  lead = false,
  ref,
}: AlertCardProps) {
  const quiet = !needsYou(alert);
  const tone = quiet ? 'unknown' : toneOfSeverity(alert.severity);
  return (
    <article
      ref={ref}
      aria-labelledby={`alert-${alert.id}`}
      className={classes(
        'grid gap-x-8 gap-y-3 rounded-3 border border-l-[3px] border-line bg-surface shadow-card md:grid-cols-[minmax(0,1fr)_auto]',
        quiet ? 'px-4 py-3 sm:px-5' : 'p-4 sm:px-5',
        edge[tone],
        current && 'ring-2 ring-accent',
      )}
    >
      <div className="min-w-0">
        <Meta alert={alert} />
        <h3
          id={`alert-${alert.id}`}
          className={classes(
            'mt-1 font-semibold tracking-[-0.01em]',
            quiet ? 'text-3' : 'text-[18px] leading-snug sm:text-4',
          )}
        >
          <AppLink to={paths.alert({ org, alert: alert.id })} className="hover:underline">
            {alert.title}
          </AppLink>
        </h3>
        <p className="mt-1 max-w-[75ch] text-ink-2">{alert.why}</p>
        <Standing alert={alert} />
      </div>
      <div className="flex flex-wrap items-start gap-2 md:flex-nowrap">
        {alert.status === 'open' && onAcknowledge !== undefined ? (
          <Button
            variant={lead && !quiet ? 'primary' : 'secondary'}
            shortcut={current ? 'a' : undefined}
            onClick={() => onAcknowledge(alert)}
            className="max-md:flex-1"
          >
            {t.action.acknowledge}
          </Button>
        ) : null}
        {onResolve === undefined ? null : (
          <Button
            shortcut={current ? 'r' : undefined}
            onClick={() => onResolve(alert)}
            className="max-md:flex-1"
          >
            {t.action.resolve}
          </Button>
        )}
        <AppLink
          to={paths.alert({ org, alert: alert.id })}
          aria-label={`${t.action.open}: ${alert.title}`}
          className={buttonClass('secondary', 'max-md:flex-1')}
        >
          {t.action.open}
        </AppLink>
      </div>
    </article>
  );
}

function Meta({ alert }: { alert: Alert }) {
  const zone = useSiteZone(alert.site?.id);
  const place = [alert.site?.name, alert.device?.name].filter((name) => name !== undefined);
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-1 text-ink-3">
      <Badge tone={toneOfSeverity(alert.severity)}>{t.severity[alert.severity]}</Badge>
      {place.length === 0 ? null : (
        <>
          <span>{place.join(' · ')}</span>
          <span aria-hidden="true">·</span>
        </>
      )}
      <Ago at={alert.opened_at} language={t.language} zone={zone} />
    </p>
  );
}

/** The person who acknowledged it, or the reason why it is muted. */
function Standing({ alert }: { alert: Alert }) {
  if (alert.suppressed_by !== null) {
    return (
      <p className="mt-2 text-1 text-ink-2">
        <State tone="maintenance">{t.suppressedBy[alert.suppressed_by]}</State>
        {alert.suppressed_reason === null ? null : <span className="ml-2">{alert.suppressed_reason}</span>}
      </p>
    );
  }
  if (alert.status !== 'acknowledged' || alert.acknowledged_at === null) return null;
  return (
    <p className="mt-2 flex flex-wrap items-center gap-x-2 text-1 text-ink-3">
      <State tone="unknown">{t.alert.acknowledgedBy(alert.acknowledged_by ?? t.state.unavailable)}</State>
      <Ago at={alert.acknowledged_at} language={t.language} />
      <span aria-hidden="true">·</span>
      <Lasting at={alert.opened_at} language={t.language}>
        {t.alert.openFor}
      </Lasting>
    </p>
  );
}
