import { useQuery } from '@tanstack/react-query';
import type { AlertWithTimeline } from '@watchkeeper/contracts/alerting';
import { useState } from 'react';
import { useCommand } from '../../app/commands';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { Log } from '../../ui/log';
import { Badge, State } from '../../ui/mark';
import { Ago, At, Lasting } from '../../ui/moment';
import { toneOfSeverity } from '../../ui/tone';
import { useAlertActions } from './actions';
import { AboutAlert, AlertValues, DeviceNow } from './alert-facts';
import { DeviceLately } from './device-lately';
import { alertQuery } from './queries';
import { ResolveDialog } from './resolve-dialog';
import { SignalPanel } from './signal-panel';
import { Told } from './told';
import { toneOfTransition } from './transition-tone';

export function AlertPage({ id }: { id: string }) {
  const { org } = useOrg();
  const query = useQuery(alertQuery(org, id));
  usePageTitle(query.data?.title ?? t.alert.listTitle);
  return <Loaded query={query}>{(alert) => <AlertView alert={alert} />}</Loaded>;
}

function AlertView({ alert }: { alert: AlertWithTimeline }) {
  return (
    <>
      <Answer
        crumb={<Crumb alert={alert} />}
        above={<Standing alert={alert} />}
        sub={<p className="max-w-[75ch] text-3">{alert.why}</p>}
        actions={<Actions alert={alert} />}
      >
        {alert.title}
      </Answer>
      <div className="mt-6 grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_340px]">
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
          <AlertValues alert={alert} />
          <SignalPanel alert={alert} />
          <Panel title={t.alert.timeline}>
            <Timeline alert={alert} />
          </Panel>
          <Told alert={alert.id} zone={alert.site_timezone ?? undefined} />
        </div>
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
          {alert.device === null ? null : (
            <DeviceNow device={alert.device.slug} zone={alert.site_timezone ?? undefined} />
          )}
          <AboutAlert alert={alert} />
          {alert.device === null ? null : (
            <DeviceLately
              device={alert.device.slug}
              except={alert.id}
              zone={alert.site_timezone ?? undefined}
            />
          )}
        </div>
      </div>
    </>
  );
}

function Crumb({ alert }: { alert: AlertWithTimeline }) {
  const { org } = useOrg();
  return (
    <nav aria-label={t.nav.trail}>
      <AppLink to={paths.alerts({ org })} className="hover:underline">
        {t.nav.alerts}
      </AppLink>
      {alert.site === null ? null : (
        <>
          {' / '}
          <AppLink to={paths.site({ org, site: alert.site.slug })} className="hover:underline">
            {alert.site.name}
          </AppLink>
        </>
      )}
      {alert.device === null ? null : (
        <>
          {' / '}
          <AppLink to={paths.device({ org, device: alert.device.slug })} className="hover:underline">
            {alert.device.name}
          </AppLink>
        </>
      )}
    </nav>
  );
}

function Standing({ alert }: { alert: AlertWithTimeline }) {
  const zone = alert.site_timezone ?? undefined;
  return (
    <>
      <Badge tone={alert.status === 'resolved' ? 'unknown' : toneOfSeverity(alert.severity)}>
        {t.severity[alert.severity]}
      </Badge>
      {alert.status === 'resolved' ? <State tone="ok">{t.alertStatus.resolved}</State> : null}
      <Lasting at={alert.opened_at} until={alert.resolved_at} language={t.language} zone={zone}>
        {alert.status === 'resolved' ? t.alert.lasted : t.alert.openFor}
      </Lasting>
      {alert.status === 'acknowledged' && alert.acknowledged_by !== null ? (
        <State tone="unknown">{t.alert.acknowledgedBy(alert.acknowledged_by)}</State>
      ) : null}
      {alert.escalated_at === null || alert.status === 'resolved' ? null : (
        <State tone="attention">
          {t.transition.escalated} <Ago at={alert.escalated_at} language={t.language} zone={zone} />
        </State>
      )}
      {alert.suppressed_by === null ? null : (
        <State tone="maintenance">
          {t.suppressedBy[alert.suppressed_by]}
          {alert.suppressed_reason === null ? '' : `: ${alert.suppressed_reason}`}
        </State>
      )}
    </>
  );
}

function Actions({ alert }: { alert: AlertWithTimeline }) {
  const { can } = useOrg();
  const { acknowledge, unacknowledge, resolve } = useAlertActions();
  const [asking, setAsking] = useState(false);
  const allowed = can('alerts:operate');
  const canAcknowledge = allowed && alert.status === 'open';
  const canResolve = allowed && alert.status !== 'resolved';
  useCommand(
    { id: 'acknowledge', label: t.shortcuts.acknowledge, keys: 'a', run: () => acknowledge.mutate([alert]) },
    canAcknowledge,
  );
  useCommand(
    { id: 'resolve', label: t.shortcuts.resolve, keys: 'r', run: () => setAsking(true) },
    canResolve,
  );

  if (!allowed && alert.status !== 'resolved') {
    return <p className="max-w-64 text-1 text-ink-3">{t.state.noPermission('alerts:operate')}</p>;
  }
  return (
    <>
      {canAcknowledge ? (
        <Button variant="primary" shortcut="a" onClick={() => acknowledge.mutate([alert])}>
          {t.action.acknowledge}
        </Button>
      ) : null}
      {allowed && alert.status === 'acknowledged' ? (
        <Button onClick={() => unacknowledge.mutate([alert])}>{t.alert.takeBack}</Button>
      ) : null}
      {canResolve ? (
        <Button shortcut="r" onClick={() => setAsking(true)}>
          {t.action.resolve}
        </Button>
      ) : null}
      <ResolveDialog
        alerts={asking ? [alert] : []}
        onClose={() => setAsking(false)}
        onResolve={(resolution) => resolve.mutate({ alerts: [alert], ...resolution })}
      />
    </>
  );
}

/** Newest first: what happened last is what the reader came for. */
function Timeline({ alert }: { alert: AlertWithTimeline }) {
  return (
    <Log
      entries={alert.timeline.toReversed().map((entry) => ({
        id: entry.id,
        time: <At at={entry.at} language={t.language} zone={alert.site_timezone ?? undefined} />,
        tone: toneOfTransition(entry.kind, alert.severity),
        text: (
          <>
            <span className="font-medium">{t.transition[entry.kind]}</span>
            {entry.why === '' ? null : <span className="text-ink-2"> · {entry.why}</span>}
            {entry.note === null || entry.note === '' ? null : (
              <span className="block text-ink-2">“{entry.note}”</span>
            )}
            {typeof entry.details.action_taken !== 'string' ? null : (
              <span className="block text-ink-2">{t.alert.doneAboutIt(entry.details.action_taken)}</span>
            )}
          </>
        ),
        note: entry.actor.kind === 'system' ? undefined : t.alert.by(entry.actor.name),
      }))}
    />
  );
}
