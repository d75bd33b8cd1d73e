import { useQuery } from '@tanstack/react-query';
import type { Site } from '@watchkeeper/contracts/inventory';
import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { useMemo } from 'react';
import { siteQuery } from '../../api/queries/inventory';
import { overviewQuery } from '../../api/queries/overview';
import { AppLink, useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { ArrivedNote, useSteady } from '../../app/steady';
import { useNow } from '../../lib/clock';
import { formatClock } from '../../lib/time';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { buttonClass } from '../../ui/button';
import { Panel, Section } from '../../ui/card';
import { Empty } from '../../ui/empty';
import { Facts } from '../../ui/facts';
import { Choice } from '../../ui/field';
import { PlusIcon } from '../../ui/icons';
import { SkeletonRows } from '../../ui/skeleton';
import { AlertCards } from '../alerting/alert-cards';
import { arrivedAmong, shapeOfAlerts } from '../alerting/shape';
import { weigh } from '../alerting/weight';
import { RunningMaintenance } from '../maintenance/running-maintenance';
import { floorDevicesMax, floorQuery } from '../telemetry/queries';
import { DeviceAreas } from './device-areas';
import { bucketOf, type FloorFilter, floorFilters, parseFilter } from './floor';
import { openingNow, weekdayAt, weekOf } from './opening';
import { siteSentence } from './site-sentence';

export function SitePage({ slug, status }: { slug: string; status: string | undefined }) {
  const { org } = useOrg();
  const site = useQuery(siteQuery(org, slug));
  usePageTitle(site.data?.name ?? t.site.listTitle);
  // Read together, because open alerts that come a moment later would push the page down.
  const overview = useQuery(overviewQuery(org));
  if (overview.isPending) return <Loaded query={overview}>{() => null}</Loaded>;
  return <Loaded query={site}>{(data) => <SiteView site={data} filter={parseFilter(status)} />}</Loaded>;
}

function SiteView({ site, filter }: { site: Site; filter: FloorFilter | undefined }) {
  const { org, can } = useOrg();
  const now = useNow();
  const states = useQuery(floorQuery(org, site.slug));
  const overview = useQuery(overviewQuery(org));
  const here = useMemo(
    () => overview.data?.alerts.filter((alert) => alert.site?.id === site.id) ?? [],
    [overview.data, site.id],
  );
  const steady = useSteady(here, shapeOfAlerts);
  const alerts = weigh(steady.shown);
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
        actions={
          <>
            {can('inventory:write') ? (
              <AppLink to={paths.editSite({ org, site: site.slug })} className={buttonClass()}>
                {t.floor.edit}
              </AppLink>
            ) : null}
            {can('alerts:operate') ? (
              <AppLink to={paths.addMaintenance({ org, site: site.slug })} className={buttonClass()}>
                {t.maintenance.here}
              </AppLink>
            ) : null}
            {devices?.length === 0 ? null : add}
          </>
        }
      >
        {siteSentence(site.name, devices, weigh(here))}
      </Answer>
      {steady.isBehind ? (
        <ArrivedNote count={arrivedAmong(here, steady.shown)} onShow={steady.catchUp} />
      ) : null}
      <RunningMaintenance site={site.slug} />
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
            <SiteDevices site={site.slug} devices={devices} filter={filter} add={add} />
          )}
        </Section>
        {site.opening_hours === null ? null : <OpeningHours site={site} hours={site.opening_hours} />}
      </div>
    </>
  );
}

interface SiteDevicesProps {
  site: string;
  devices: readonly DeviceState[];
  filter: FloorFilter | undefined;
  add: React.ReactNode;
}

function SiteDevices({ site, devices, filter, add }: SiteDevicesProps) {
  if (devices.length === 0) {
    return (
      <Empty title={t.site.noDevices} action={add}>
        {t.site.noDevicesText}
      </Empty>
    );
  }
  const shown = filter === undefined ? devices : devices.filter((device) => bucketOf(device) === filter);
  return (
    <div className="grid gap-4">
      <FloorFilterChoice site={site} devices={devices} filter={filter} />
      {shown.length === 0 ? (
        <Empty title={t.floor.nothingMatches} tone="ok" />
      ) : (
        <DeviceAreas devices={shown} />
      )}
      {devices.length < floorDevicesMax ? null : (
        <p className="text-1 text-ink-3">{t.floor.more(floorDevicesMax)}</p>
      )}
    </div>
  );
}

const everything = 'all';

function FloorFilterChoice({ site, devices, filter }: Omit<SiteDevicesProps, 'add'>) {
  const { org } = useOrg();
  const go = useGo();
  const counts = new Map(floorFilters.map((each) => [each, 0]));
  for (const device of devices) counts.set(bucketOf(device), (counts.get(bucketOf(device)) ?? 0) + 1);
  const words: Record<FloorFilter, string> = {
    wrong: t.floor.wrong,
    unknown: t.floor.silent,
    fine: t.floor.fine,
  };
  return (
    <Choice
      label={t.floor.filter}
      hideLabel
      options={[
        { value: everything as string, label: `${t.floor.all} ${devices.length}` },
        ...floorFilters.map((each) => ({
          value: each as string,
          label: `${words[each]} ${counts.get(each) ?? 0}`,
        })),
      ]}
      value={filter ?? everything}
      onChange={(value) => go(paths.site({ org, site, status: parseFilter(value) }), { replace: true })}
    />
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
