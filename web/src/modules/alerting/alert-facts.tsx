import { useQuery } from '@tanstack/react-query';
import type { AlertWithTimeline } from '@watchkeeper/contracts/alerting';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { useChosenZone } from '../../lib/preferences';
import { t } from '../../messages';
import { paths } from '../../paths';
import { asideLinkClass } from '../../ui/button';
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
  const timeZone = useChosenZone(alert.site_timezone);
  const items = detailFigures(alert.details, { timeZone, openedAt: Date.parse(alert.opened_at) });
  if (items.length === 0) return null;
  return (
    <Panel
      title={t.alert.values}
      aside={<span className="text-1 text-ink-3">{t.alert.timeZoneNote(timeZone)}</span>}
    >
      <Figures items={items} />
    </Panel>
  );
}

export function AboutAlert({ alert }: { alert: AlertWithTimeline }) {
  const { org } = useOrg();
  const zone = alert.site_timezone ?? undefined;
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
    { label: t.alert.openedAt, value: <At at={alert.opened_at} language={t.language} zone={zone} /> },
  ];
  if (alert.acknowledged_at !== null) {
    facts.push({
      label: t.alert.acknowledgedAt,
      value: <At at={alert.acknowledged_at} language={t.language} zone={zone} />,
    });
  }
  if (alert.escalated_at !== null) {
    facts.push({
      label: t.alert.escalatedAt,
      value: <At at={alert.escalated_at} language={t.language} zone={zone} />,
    });
  }
  if (alert.resolved_at !== null) {
    facts.push({
      label: t.alert.resolvedAt,
      value: <At at={alert.resolved_at} language={t.language} zone={zone} />,
    });
    if (alert.resolved_reason !== null) facts.push({ label: t.alert.reason, value: alert.resolved_reason });
    if (alert.action_taken !== null) facts.push({ label: t.alert.actionTaken, value: alert.action_taken });
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

/** The device's values now, next to those of the alert. */
export function DeviceNow({ device, zone }: { device: string; zone: string | undefined }) {
  const { org } = useOrg();
  const { data, error } = useQuery(stateQuery(org, device));
  // The device may be gone; its alert stays readable.
  if (data === undefined && error !== null) return null;
  return (
    <Panel
      title={t.alert.deviceNow}
      aside={
        <AppLink to={paths.device({ org, device })} className={asideLinkClass}>
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
                  <Ago at={data.last_seen_at} language={t.language} zone={zone} />
                ),
            },
          ]}
        />
      )}
    </Panel>
  );
}
