import { useQuery } from '@tanstack/react-query';
import type { Overview } from '@watchkeeper/contracts/alerting';
import { LiveMark } from '../../app/connection-bar';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { buttonClass } from '../../ui/button';
import { Section } from '../../ui/card';
import { Empty } from '../../ui/empty';
import { Ago } from '../../ui/moment';
import { Notice } from '../../ui/notice';
import { AlertCards } from '../alerting/alert-cards';
import { weigh } from '../alerting/weight';
import { ChangeLog } from './change-log';
import { overviewQuery } from './queries';
import { newestSignal, sentenceOf } from './sentence';
import { SiteTiles } from './site-tiles';

export function OverviewPage() {
  usePageTitle(t.overview.title);
  const { org } = useOrg();
  const query = useQuery(overviewQuery(org));
  return <Loaded query={query}>{(overview) => <OverviewView overview={overview} />}</Loaded>;
}

function OverviewView({ overview }: { overview: Overview }) {
  const { needsYou, inHand, muted } = weigh(overview.alerts);
  return (
    <>
      <Answer sub={<Facts overview={overview} inHand={inHand.length} muted={muted.length} />}>
        {sentenceOf(overview)}
      </Answer>
      <WatchNotice watch={overview.watch} />
      {overview.devices.total === 0 ? <FirstSteps sites={overview.sites} /> : null}
      {needsYou.length > 0 ? (
        <div className="mt-6">
          <AlertCards alerts={needsYou} title={t.overview.needsYou} />
          <MoreAlerts shown={overview.alerts.length} total={overview.alerts_total} />
        </div>
      ) : null}
      {inHand.length > 0 ? (
        <Section title={t.overview.inHand}>
          <AlertCards alerts={inHand} keyboard={needsYou.length === 0} />
        </Section>
      ) : null}
      {overview.sites.length > 0 ? <SiteTiles overview={overview} /> : null}
      {muted.length > 0 ? (
        <Section title={t.overview.muted}>
          <AlertCards alerts={muted} keyboard={false} />
        </Section>
      ) : null}
      {overview.devices.total > 0 ? <ChangeLog changes={overview.changes} /> : null}
    </>
  );
}

function Facts({ overview, inHand, muted }: { overview: Overview; inHand: number; muted: number }) {
  const { devices, sites, watch } = overview;
  return (
    <>
      <LiveMark lastSignalAt={newestSignal(overview)} />
      {devices.total === 0 ? null : (
        <span>{t.overview.fine(devices.online, devices.total, sites.length)}</span>
      )}
      {inHand === 0 ? null : <span>{t.overview.inHandCount(inHand)}</span>}
      {muted === 0 ? null : <span>{t.overview.mutedCount(muted)}</span>}
      {watch.last_checked_at === null || devices.total === 0 ? null : (
        <Ago at={watch.last_checked_at} language={t.language}>
          {t.overview.lastChecked}
        </Ago>
      )}
    </>
  );
}

function WatchNotice({ watch }: { watch: Overview['watch'] }) {
  if (watch.suspected_our_outage_since !== null) {
    return (
      <Notice tone="unknown" role="status" className="mt-5">
        {t.overview.cannotTellText}
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

/** From sign-in to the first heartbeat: one step at a time, the next one only. */
function FirstSteps({ sites }: { sites: Overview['sites'] }) {
  const { org, can } = useOrg();
  const writes = can('inventory:write');
  const [site] = sites;
  if (site === undefined) {
    return (
      <div className="mt-6">
        <Empty
          title={t.site.add}
          action={
            writes ? (
              <AppLink to={paths.addSite({ org })} className={buttonClass('primary')}>
                {t.overview.addSite}
              </AppLink>
            ) : undefined
          }
        >
          {writes ? t.overview.firstSite : t.state.noPermission('inventory:write')}
        </Empty>
      </div>
    );
  }
  return (
    <div className="mt-6">
      <Empty
        title={t.device.addTitle}
        action={
          writes ? (
            <AppLink to={paths.addDevice({ org, site: site.slug })} className={buttonClass('primary')}>
              {t.overview.addDevice}
            </AppLink>
          ) : undefined
        }
      >
        {writes ? t.overview.noDevices : t.state.noPermission('inventory:write')}
      </Empty>
    </div>
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
