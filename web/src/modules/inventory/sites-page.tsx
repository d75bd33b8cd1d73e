import { useQuery } from '@tanstack/react-query';
import type { Overview } from '@watchkeeper/contracts/alerting';
import type { Site } from '@watchkeeper/contracts/inventory';
import { sitesQuery } from '../../api/queries/inventory';
import { overviewQuery } from '../../api/queries/overview';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useNow } from '../../lib/clock';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { buttonClass } from '../../ui/button';
import { Card } from '../../ui/card';
import { Empty } from '../../ui/empty';
import { PlusIcon } from '../../ui/icons';
import { State } from '../../ui/mark';
import { countsInWords, healthOf } from '../overview/site-health';
import { openingNow } from './opening';

export function SitesPage() {
  usePageTitle(t.site.listTitle);
  const { org, can } = useOrg();
  const sites = useQuery(sitesQuery(org));
  const overview = useQuery(overviewQuery(org));
  const summaries = new Map(overview.data?.sites.map((site) => [site.id, site]));
  const add = can('inventory:write') ? (
    <AppLink to={paths.addSite({ org })} className={buttonClass('primary')}>
      <PlusIcon size={16} />
      {t.site.add}
    </AppLink>
  ) : undefined;

  return (
    <Loaded query={sites}>
      {({ data }) => (
        <>
          <Answer actions={data.length === 0 ? undefined : add}>{t.site.listSentence(data.length)}</Answer>
          <div className="mt-6">
            {data.length === 0 ? (
              <Empty title={t.site.empty} action={add}>
                {t.site.emptyText}
              </Empty>
            ) : (
              <Card>
                <ul className="divide-y divide-line">
                  {data.map((site) => (
                    <SiteRow key={site.id} site={site} summary={summaries.get(site.id)} />
                  ))}
                </ul>
              </Card>
            )}
          </div>
        </>
      )}
    </Loaded>
  );
}

function SiteRow({ site, summary }: { site: Site; summary: Overview['sites'][number] | undefined }) {
  const { org } = useOrg();
  const now = useNow();
  const health = summary === undefined ? undefined : healthOf(summary);
  return (
    <li className="relative grid gap-x-6 gap-y-1 px-4 py-3.5 hover:bg-sunken sm:grid-cols-[minmax(0,2fr)_minmax(0,2fr)_minmax(0,1.4fr)_8rem] sm:items-center sm:px-5">
      <div className="min-w-0">
        <AppLink
          to={paths.site({ org, site: site.slug })}
          className="text-3 font-semibold after:absolute after:inset-0"
        >
          {site.name}
        </AppLink>
        <p className="text-1 text-ink-3">{site.slug}</p>
      </div>
      <p className="text-1 text-ink-2">
        {summary === undefined || summary.devices.total === 0
          ? t.count.devices(site.device_count)
          : countsInWords(summary.devices)}
      </p>
      <p className="text-1 text-ink-2">{openingNow(site, now)}</p>
      <div className="sm:justify-self-end">
        {health === undefined ? null : <State tone={health.tone}>{health.word}</State>}
      </div>
    </li>
  );
}
