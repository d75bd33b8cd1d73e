import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { useMemo } from 'react';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { type DeviceSearch, paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { buttonClass } from '../../ui/button';
import { State } from '../../ui/mark';
import { Ago, Lasting } from '../../ui/moment';
import { Notice } from '../../ui/notice';
import { toneOfDevice } from '../../ui/tone';
import { AlertCards } from '../alerting/alert-cards';
import { alertsQuery } from '../alerting/queries';
import { weigh } from '../alerting/weight';
import { RunningMaintenance } from '../maintenance/running-maintenance';
import { ChartsPanel } from '../telemetry/charts-panel';
import { HeartbeatsPanel } from '../telemetry/heartbeats-panel';
import { stateQuery } from '../telemetry/queries';
import { rangeFrom, searchBetween } from '../telemetry/range';
import { RangeBar, useRange } from '../telemetry/range-bar';
import { SourcesPanel } from '../telemetry/sources-panel';
import { TimelinePanel } from '../telemetry/timeline-panel';
import { useZone } from '../telemetry/use-zone';
import { AboutDevice, LastValues, SendByHand } from './device-facts';
import { DeviceManage } from './device-manage';

interface DevicePageProps {
  slug: string;
  search: DeviceSearch;
}

export function DevicePage({ slug, search }: DevicePageProps) {
  const { org } = useOrg();
  const state = useQuery(stateQuery(org, slug));
  usePageTitle(state.data?.name ?? slug);
  return <Loaded query={state}>{(data) => <DeviceView state={data} search={search} />}</Loaded>;
}

function DeviceView({ state, search }: { state: DeviceState; search: DeviceSearch }) {
  const { org } = useOrg();
  const alerts = useInfiniteQuery(
    alertsQuery(org, { show: 'active', site: undefined, device: state.device_id }),
  );
  const open = alerts.data?.pages.flatMap((page) => page.data) ?? [];
  const retired = state.retired_at !== null;
  const waiting = weigh(open).needsYou.length;
  return (
    <>
      <Answer
        crumb={<Crumb state={state} />}
        sub={
          retired ? undefined : (
            <Verdict state={state} quiet={alerts.data !== undefined && open.length === 0} />
          )
        }
        actions={
          <>
            {retired ? null : <MaintenanceLink state={state} />}
            <DeviceManage state={state} />
          </>
        }
      >
        {retired
          ? t.deviceView.retiredSentence(state.name)
          : `${t.device.sentence(state.name, state.status)} ${waiting === 0 ? '' : t.site.needsYou(waiting)}`.trim()}
      </Answer>
      {state.retired_at === null ? null : (
        <Notice tone="unknown" className="mt-4">
          <Ago at={state.retired_at} language={t.language}>
            {t.deviceView.retiredText}
          </Ago>
        </Notice>
      )}
      {retired ? null : (
        <RunningMaintenance
          site={state.site.slug}
          device={state.device_id}
          area={state.area?.slug}
          type={state.type}
        />
      )}
      {open.length === 0 ? null : (
        <div className="mt-6">
          <AlertCards alerts={open} title={t.device.alerts} />
        </div>
      )}
      <div className="mt-6 grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_340px] xl:grid-rows-[auto_1fr]">
        {retired ? null : (
          <div className="grid items-start gap-4 md:grid-cols-2 xl:col-start-2 xl:grid-cols-1">
            {isKnownFromOthers(state) ? null : <LastValues state={state} />}
            <SourcesPanel state={state} />
          </div>
        )}
        <div className="grid min-w-0 gap-4 xl:col-start-1 xl:row-span-2 xl:row-start-1">
          {state.last_seen_at === null && !retired && !isKnownFromOthers(state) ? (
            <SendByHand state={state} />
          ) : (
            <Past state={state} search={search} />
          )}
        </div>
        <div className="grid items-start gap-4 md:grid-cols-2 xl:col-start-2 xl:grid-cols-1">
          <AboutDevice state={state} />
          {retired || (state.last_seen_at === null && !isKnownFromOthers(state)) ? null : (
            <SendByHand state={state} folded />
          )}
        </div>
      </div>
    </>
  );
}

/** No agent ever reported, and yet there is a verdict: checks and sources speak of it. */
function isKnownFromOthers(state: DeviceState): boolean {
  return state.last_seen_at === null && state.status !== 'unknown';
}

function MaintenanceLink({ state }: { state: DeviceState }) {
  const { org, can } = useOrg();
  if (!can('alerts:operate')) return null;
  return (
    <AppLink
      to={paths.addMaintenance({ org, site: state.site.slug, device: state.device_id })}
      className={buttonClass()}
    >
      {t.maintenance.here}
    </AppLink>
  );
}

function Verdict({ state, quiet }: { state: DeviceState; quiet: boolean }) {
  return (
    <>
      <State tone={toneOfDevice(state.status)}>
        {state.status_since === null ? (
          t.deviceStatus[state.status]
        ) : (
          <Lasting at={state.status_since} language={t.language} coarse>
            {(duration) => t.device.statusSince(t.deviceStatus[state.status], duration)}
          </Lasting>
        )}
      </State>
      {quiet ? <span>{t.device.noAlerts}</span> : null}
      <span>
        {state.last_seen_at === null ? (
          isKnownFromOthers(state) ? (
            t.device.noAgent
          ) : (
            t.device.neverSeen
          )
        ) : (
          <Ago at={state.last_seen_at} language={t.language}>
            {t.device.lastHeartbeat}
          </Ago>
        )}
      </span>
    </>
  );
}

/** The past, over one range of time that all panels share. */
function Past({ state, search }: { state: DeviceState; search: DeviceSearch }) {
  const zones = useZone(state.site.slug);
  const onRange = useRange(state.device_id);
  const { range, from, to } = search;
  const chosen = useMemo(() => rangeFrom({ range, from, to }), [range, from, to]);
  const past = { device: state.device_id, range: chosen, timeZone: zones.timeZone };
  return (
    <>
      <RangeBar range={chosen} zones={zones} onRange={onRange} />
      <TimelinePanel {...past} />
      {isKnownFromOthers(state) ? null : (
        <>
          <ChartsPanel {...past} onZoom={(start, end) => onRange(searchBetween(start, end))} />
          <HeartbeatsPanel device={state.device_id} timeZone={zones.timeZone} />
        </>
      )}
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
