import { useQuery } from '@tanstack/react-query';
import type { Alert, AlertWithTimeline } from '@watchkeeper/contracts/alerting';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Panel } from '../../ui/card';
import { type Fact, Facts } from '../../ui/facts';
import { Figures } from '../../ui/figures';
import { State } from '../../ui/mark';
import { Ago, At } from '../../ui/moment';
import { SkeletonRows } from '../../ui/skeleton';
import { toneOfDevice } from '../../ui/tone';
import { stateQuery } from '../telemetry/queries';
import { detailFigures } from './details';

/** The numbers behind the sentence. */
export function AlertValues({ alert }: { alert: AlertWithTimeline }) {
  const timeZone = alert.site_timezone ?? undefined;
  const items = detailFigures(alert.details, { timeZone, openedAt: Date.parse(alert.opened_at) });
  if (items.length === 0) return null;
  return (
    <Panel
      title={t.alert.values}
      aside={
        timeZone === undefined ? undefined : (
          <span className="text-1 text-ink-3">{t.alert.timeZoneNote(timeZone)}</span>
        )
      }
    >
      <Figures items={items} />
    </Panel>
  );
}

export function AboutAlert({ alert }: { alert: Alert }) {
  const { org } = useOrg();
  const facts: Fact[] = [
    {
      label: t.alert.rule,
      value: (
        <AppLink to={paths.rule({ org, rule: alert.rule.id })} className="text-accent hover:underline">
          {alert.rule.name}
        </AppLink>
      ),
    },
    { label: t.alert.severity, value: t.severity[alert.severity] },
    { label: t.alert.openedAt, value: <At at={alert.opened_at} language={t.language} /> },
  ];
  if (alert.acknowledged_at !== null) {
    facts.push({
      label: t.alert.acknowledgedAt,
      value: <At at={alert.acknowledged_at} language={t.language} />,
    });
  }
  if (alert.escalated_at !== null) {
    facts.push({ label: t.alert.escalatedAt, value: <At at={alert.escalated_at} language={t.language} /> });
  }
  if (alert.resolved_at !== null) {
    facts.push({ label: t.alert.resolvedAt, value: <At at={alert.resolved_at} language={t.language} /> });
    if (alert.resolved_reason !== null) facts.push({ label: t.alert.reason, value: alert.resolved_reason });
  }
  if (alert.site !== null) {
    facts.push({
      label: t.alert.site,
      value: (
        <AppLink to={paths.site({ org, site: alert.site.slug })} className="text-accent hover:underline">
          {alert.site.name}
        </AppLink>
      ),
    });
  }
  facts.push({ label: t.alert.type, value: <code className="font-mono text-1">{alert.type}</code> });
  return (
    <Panel title={t.alert.about}>
      <Facts facts={facts} />
    </Panel>
  );
}

/** What the device says at this moment, beside what it was alerted for. */
export function DeviceNow({ device }: { device: string }) {
  const { org } = useOrg();
  const { data, error } = useQuery(stateQuery(org, device));
  // The device may be gone; its alert stays readable.
  if (data === undefined && error !== null) return null;
  return (
    <Panel
      title={t.alert.deviceNow}
      aside={
        <AppLink
          to={paths.device({ org, device })}
          className="text-1 font-medium text-accent hover:underline"
        >
          {t.device.openDevice}
        </AppLink>
      }
    >
      {data === undefined ? (
        <SkeletonRows label={t.state.loading} rows={2} />
      ) : (
        <Facts
          facts={[
            {
              label: data.name,
              value: <State tone={toneOfDevice(data.status)}>{t.deviceStatus[data.status]}</State>,
            },
            {
              label: t.device.sourceHeartbeat,
              value:
                data.last_seen_at === null ? (
                  t.state.never
                ) : (
                  <Ago at={data.last_seen_at} language={t.language} />
                ),
            },
          ]}
        />
      )}
    </Panel>
  );
}
