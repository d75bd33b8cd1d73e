import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { State } from '../../ui/mark';
import { Ago, Lasting } from '../../ui/moment';
import { toneOfDevice } from '../../ui/tone';
import { AlertCards } from '../alerting/alert-cards';
import { alertsQuery } from '../alerting/queries';
import { AboutDevice, LastValues, SendByHand } from './device-facts';
import { HistoryPanel } from './history-panel';
import { stateQuery } from './queries';

export function DevicePage({ slug }: { slug: string }) {
  const { org } = useOrg();
  const state = useQuery(stateQuery(org, slug));
  usePageTitle(state.data?.name ?? slug);
  return <Loaded query={state}>{(data) => <DeviceView state={data} />}</Loaded>;
}

function DeviceView({ state }: { state: DeviceState }) {
  const { org } = useOrg();
  const alerts = useInfiniteQuery(
    alertsQuery(org, { show: 'active', site: undefined, device: state.device_id }),
  );
  const open = alerts.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <>
      <Answer
        crumb={<Crumb state={state} />}
        sub={
          <>
            <State tone={toneOfDevice(state.status)}>
              {state.status_since === null ? (
                t.deviceStatus[state.status]
              ) : (
                <Lasting at={state.status_since} language={t.language}>
                  {(duration) => t.device.statusSince(t.deviceStatus[state.status], duration)}
                </Lasting>
              )}
            </State>
            <span>
              {state.last_seen_at === null ? (
                t.device.neverSeen
              ) : (
                <Ago at={state.last_seen_at} language={t.language}>
                  {t.device.lastHeartbeat}
                </Ago>
              )}
            </span>
            {alerts.data !== undefined && open.length === 0 ? <span>{t.device.noAlerts}</span> : null}
          </>
        }
      >
        {t.device.sentence(state.name, state.status)}
      </Answer>
      {open.length === 0 ? null : (
        <div className="mt-6">
          <AlertCards alerts={open} title={t.device.alerts} />
        </div>
      )}
      <div className="mt-6 grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_340px]">
        <div className="grid gap-4">
          {state.last_seen_at === null ? (
            <SendByHand state={state} />
          ) : (
            <HistoryPanel device={state.device_id} />
          )}
        </div>
        <div className="grid gap-4 lg:col-start-2 lg:row-span-2 lg:row-start-1">
          <LastValues state={state} />
          <AboutDevice state={state} />
        </div>
        {state.last_seen_at === null ? null : <SendByHand state={state} />}
      </div>
    </>
  );
}

function Crumb({ state }: { state: DeviceState }) {
  const { org } = useOrg();
  return (
    <nav aria-label={t.nav.trail}>
      <AppLink to={paths.sites({ org })} className="hover:underline">
        {t.nav.sites}
      </AppLink>
      {' / '}
      <AppLink to={paths.site({ org, site: state.site.slug })} className="hover:underline">
        {state.site.name}
      </AppLink>
      {state.area === null ? null : ` / ${state.area.name}`}
    </nav>
  );
}
