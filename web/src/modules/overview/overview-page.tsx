import { useQuery } from '@tanstack/react-query';
import type { Overview } from '@watchkeeper/contracts/alerting';
import { overviewQuery } from '../../api/queries/overview';
import { LiveMark } from '../../app/connection-bar';
import { lazyPage } from '../../app/lazy-page';
import { AppLink, useOnWall } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { ArrivedNote, useSteady } from '../../app/steady';
import { hourMs } from '../../lib/time';
import { t, withRoomWords } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { buttonClass } from '../../ui/button';
import { Section } from '../../ui/card';
import { Ago } from '../../ui/moment';
import { Notice } from '../../ui/notice';
import { AlertCards } from '../alerting/alert-cards';
import { isCheckLate, newestSignal, sentenceOf } from '../alerting/sentence';
import { arrivedAmong, shapeOfAlerts } from '../alerting/shape';
import { weigh } from '../alerting/weight';
import { RunningMaintenance } from '../maintenance/running-maintenance';
import { ChangeLog } from './change-log';
import { FirstRun } from './first-run';
import { SiteTiles } from './site-tiles';

const Wallboard = lazyPage(
  withRoomWords(() => import('./wallboard-page')),
  'WallboardPage',
);

/** With `?wall` the same for a screen across the room. */
export function OverviewPage() {
  return useOnWall() ? <Wallboard /> : <Desk />;
}

function Desk() {
  usePageTitle(t.overview.title);
  const { org } = useOrg();
  const query = useQuery(overviewQuery(org));
  return <Loaded query={query}>{(overview) => <OverviewView overview={overview} />}</Loaded>;
}

function OverviewView({ overview }: { overview: Overview }) {
  const steady = useSteady(overview, shapeOf);
  const { needsYou, inHand, muted } = weigh(steady.shown.alerts);
  return (
    <>
      <Answer
        sub={<Facts overview={overview} />}
        actions={
          overview.devices.total === 0 ? undefined : (
            <AppLink
              to={paths.wallboard({ org: overview.organization.slug })}
              className={buttonClass('secondary', 'max-sm:hidden print:hidden')}
            >
              {t.wall.open}
            </AppLink>
          )
        }
      >
        {sentenceOf(overview)}
      </Answer>
      {steady.isBehind ? (
        <ArrivedNote count={arrivedAmong(overview.alerts, steady.shown.alerts)} onShow={steady.catchUp} />
      ) : null}
      <WatchNotice overview={overview} />
      <RunningMaintenance />
      <FirstRun overview={overview} />
      {needsYou.length > 0 ? (
        <div className="mt-6">
          <AlertCards alerts={needsYou} title={t.overview.needsYou} />
          <MoreAlerts shown={steady.shown.alerts.length} total={steady.shown.alerts_total} />
        </div>
      ) : null}
      {inHand.length > 0 ? (
        <Section title={t.overview.inHand}>
          <AlertCards alerts={inHand} keyboard={needsYou.length === 0} />
        </Section>
      ) : null}
      {overview.sites.length > 0 ? <SiteTiles overview={steady.shown} /> : null}
      {muted.length > 0 ? (
        <Section title={t.overview.muted}>
          <AlertCards alerts={muted} keyboard={false} />
        </Section>
      ) : null}
      {overview.devices.total > 0 ? <ChangeLog changes={steady.shown.changes} /> : null}
    </>
  );
}

function shapeOf(overview: Overview): string {
  const newest = overview.changes[0];
  return `${shapeOfAlerts(overview.alerts)}\n${newest?.at ?? ''} ${newest?.alert_id ?? ''}`.trim();
}

/** Parts that change size every second have fixed room, so that they move nothing else. */
function Facts({ overview }: { overview: Overview }) {
  const { devices, sites, watch, attention } = overview;
  const inHand = attention.in_hand;
  const muted = attention.muted + attention.under_maintenance;
  return (
    <>
      <span className="min-w-64 max-sm:basis-full">
        <LiveMark lastSignalAt={newestSignal(overview)} />
      </span>
      {watch.last_checked_at === null || devices.total === 0 ? null : (
        <span className="min-w-52 max-sm:hidden">
          <Ago at={watch.last_checked_at} language={t.language}>
            {t.overview.lastChecked}
          </Ago>
        </span>
      )}
      {devices.total === 0 ? null : (
        <span>{t.overview.fine(devices.online, devices.total, sites.length)}</span>
      )}
      {inHand === 0 ? null : <span>{t.overview.inHandCount(inHand)}</span>}
      {muted === 0 ? null : <span>{t.overview.mutedCount(muted)}</span>}
      {devices.total === 0 ||
      Date.parse(overview.now) - Date.parse(watch.watching_since) > blindMsMax ? null : (
        <Ago at={watch.watching_since} language={t.language}>
          {t.overview.wasBlind}
        </Ago>
      )}
    </>
  );
}

/** A watch that began this recently says so: what happened before was not seen. */
const blindMsMax = hourMs;

function WatchNotice({ overview }: { overview: Overview }) {
  const { watch } = overview;
  if (watch.suspected_our_outage_since !== null) {
    return (
      <Notice tone="unknown" role="status" className="mt-5">
        {t.overview.cannotTellText}
      </Notice>
    );
  }
  if (isCheckLate(overview) && watch.last_checked_at !== null) {
    return (
      <Notice tone="unknown" role="status" className="mt-5">
        <Ago at={watch.last_checked_at} language={t.language}>
          {t.overview.checkLate}
        </Ago>
      </Notice>
    );
  }
  if (watch.intake_up) return null;
  return (
    <Notice tone="unknown" role="status" className="mt-5">
      {t.overview.notWatching}
    </Notice>
  );
}

function MoreAlerts({ shown, total }: { shown: number; total: number }) {
  const { org } = useOrg();
  if (total <= shown) return null;
  return (
    <AppLink to={paths.alerts({ org })} className="mt-3 inline-block text-accent underline">
      {t.overview.moreAlerts(total - shown)}
    </AppLink>
  );
}
