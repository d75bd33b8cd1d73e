import { useQuery } from '@tanstack/react-query';
import type { Alert } from '@watchkeeper/contracts/alerting';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Panel } from '../../ui/card';
import { Mark } from '../../ui/mark';
import { Ago, Lasting } from '../../ui/moment';
import { SkeletonRows } from '../../ui/skeleton';
import { toneOfSeverity } from '../../ui/tone';
import { deviceAlertsQuery } from './queries';

interface LatelyProps {
  device: string;
  except: string;
  zone: string | undefined;
}

/** Other alerts of this device: whether this is the first or the fifth. */
export function DeviceLately({ device, except, zone }: LatelyProps) {
  const { org } = useOrg();
  const { data, error } = useQuery(deviceAlertsQuery(org, device));
  if (data === undefined && error !== null) return null;
  const others = data?.data.filter((alert) => alert.id !== except) ?? [];
  return (
    <Panel title={t.alert.deviceLately}>
      {data === undefined ? (
        <SkeletonRows label={t.state.loading} rows={3} />
      ) : others.length === 0 ? (
        <p className="text-ink-2">{t.alert.deviceLatelyNone}</p>
      ) : (
        <ul className="grid gap-2.5">
          {others.map((alert) => (
            <Line key={alert.id} org={org} alert={alert} zone={zone} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Line({ org, alert, zone }: { org: string; alert: Alert; zone: string | undefined }) {
  return (
    <li className="grid grid-cols-[10px_minmax(0,1fr)] items-baseline gap-x-2.5">
      <Mark tone={alert.status === 'resolved' ? 'unknown' : toneOfSeverity(alert.severity)} />
      <div>
        <AppLink to={paths.alert({ org, alert: alert.id })} className="hover:underline">
          {alert.title}
        </AppLink>
        <p className="text-1 text-ink-3">
          <Ago at={alert.opened_at} language={t.language} zone={zone} />
          {', '}
          <Lasting at={alert.opened_at} until={alert.resolved_at} language={t.language} zone={zone}>
            {alert.status === 'resolved' ? t.alert.lasted : t.alert.openFor}
          </Lasting>
        </p>
      </div>
    </li>
  );
}
