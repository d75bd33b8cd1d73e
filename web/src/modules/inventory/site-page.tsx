import { useQuery } from '@tanstack/react-query';
import type { Site } from '@watchkeeper/contracts/inventory';
import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useNow } from '../../lib/clock';
import { formatClock } from '../../lib/time';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { buttonClass } from '../../ui/button';
import { Panel, Section } from '../../ui/card';
import { Empty } from '../../ui/empty';
import { Facts } from '../../ui/facts';
import { PlusIcon } from '../../ui/icons';
import { SkeletonRows } from '../../ui/skeleton';
import { AlertCards } from '../alerting/alert-cards';
import { weigh } from '../alerting/weight';
import { overviewQuery } from '../overview/queries';
import { statesQuery } from '../telemetry/queries';
import { DeviceAreas } from './device-areas';
import { openingNow, weekdayAt, weekOf } from './opening';
import { siteQuery } from './queries';
import { siteSentence } from './site-sentence';

export function SitePage({ slug }: { slug: string }) {
  const { org } = useOrg();
  const site = useQuery(siteQuery(org, slug));
  usePageTitle(site.data?.name ?? t.site.listTitle);
  return <Loaded query={site}>{(data) => <SiteView site={data} />}</Loaded>;
}

function SiteView({ site }: { site: Site }) {
  const { org, can } = useOrg();
  const now = useNow();
  const states = useQuery(statesQuery(org, { site: site.slug }));
  const overview = useQuery(overviewQuery(org));
  const alerts = weigh(overview.data?.alerts.filter((alert) => alert.site?.id === site.id) ?? []);
  const devices = states.data?.data;
  const add = can('inventory:write') ? (
    <AppLink
      to={paths.addDevice({ org, site: site.slug })}
      className={buttonClass(devices?.length === 0 ? 'primary' : 'secondary')}
    >
      <PlusIcon size={16} />
      {t.overview.addDevice}
    </AppLink>
  ) : undefined;

  return (
    <>
      <Answer
        crumb={
          <nav aria-label={t.nav.trail}>
            <AppLink to={paths.sites({ org })} className="hover:underline">
              {t.nav.sites}
            </AppLink>
            {` / ${site.name}`}
          </nav>
        }
        sub={
          <>
            <span>{openingNow(site, now)}</span>
            <span>
              {t.site.localTime(formatClock(now, t.language, { timeZone: site.timezone }), site.timezone)}
            </span>
          </>
        }
        actions={devices?.length === 0 ? undefined : add}
      >
        {siteSentence(site.name, devices, alerts)}
      </Answer>
      {alerts.needsYou.length + alerts.inHand.length === 0 ? null : (
        <div className="mt-6">
          <AlertCards alerts={[...alerts.needsYou, ...alerts.inHand]} title={t.site.alerts} />
        </div>
      )}
      <div className="mt-2 grid items-start gap-x-4 xl:grid-cols-[minmax(0,1fr)_340px]">
        <Section title={t.site.devices}>
          {devices === undefined ? (
            <Loaded query={states} loading={<SkeletonRows label={t.state.loading} />}>
              {() => null}
            </Loaded>
          ) : (
            <SiteDevices devices={devices} add={add} />
          )}
        </Section>
        {site.opening_hours === null ? null : <OpeningHours site={site} hours={site.opening_hours} />}
      </div>
    </>
  );
}

function SiteDevices({ devices, add }: { devices: readonly DeviceState[]; add: React.ReactNode }) {
  if (devices.length > 0) return <DeviceAreas devices={devices} />;
  return (
    <Empty title={t.site.noDevices} action={add}>
      {t.site.noDevicesText}
    </Empty>
  );
}

function OpeningHours({ site, hours }: { site: Site; hours: NonNullable<Site['opening_hours']> }) {
  const today = weekdayAt(useNow(), site.timezone);
  return (
    <Panel title={t.site.openingHours} className="mt-8">
      <Facts
        facts={weekOf(hours).map(({ day, text }) => ({
          label: day === today ? `${t.weekday[day]}, ${t.site.today}` : t.weekday[day],
          value: day === today ? <strong className="font-semibold">{text}</strong> : text,
        }))}
      />
    </Panel>
  );
}
