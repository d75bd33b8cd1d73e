import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Alert } from '@watchkeeper/contracts/alerting';
import { AppLink, useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { Choice } from '../../ui/field';
import { overviewQuery } from '../overview/queries';
import { sentenceOf } from '../overview/sentence';
import { AlertCards } from './alert-cards';
import { type AlertShow, alertShows, alertsQuery } from './queries';
import { byWeight } from './weight';

function toShow(text: string | undefined): AlertShow {
  return alertShows.find((each) => each === text) ?? 'active';
}

export function AlertsPage({ show: showText, site }: { show: string | undefined; site: string | undefined }) {
  usePageTitle(t.alert.listTitle);
  const { org } = useOrg();
  const go = useGo();
  const show = toShow(showText);
  const overview = useQuery(overviewQuery(org));
  const list = useInfiniteQuery(alertsQuery(org, { show, site }));
  const alerts = list.data?.pages.flatMap((page) => page.data) ?? [];

  return (
    <>
      <Answer>{overview.data === undefined ? t.alert.listTitle : sentenceOf(overview.data)}</Answer>
      <div className="mt-5 mb-4 flex flex-wrap items-center gap-x-4 gap-y-3">
        <Choice
          label={t.alert.filter}
          hideLabel
          options={alertShows.map((value) => ({ value, label: t.alert.show[value] }))}
          value={show}
          onChange={(value) =>
            go(paths.alerts({ org, show: value, ...(site === undefined ? {} : { site }) }))
          }
        />
        {site === undefined ? null : (
          <span className="text-ink-2">
            {t.alert.atSite(site)}{' '}
            <AppLink to={paths.alerts({ org, show })} className="text-accent underline">
              {t.alert.clearSite}
            </AppLink>
          </span>
        )}
      </div>
      <Loaded query={list}>
        {() => (
          <AlertList
            alerts={show === 'active' ? alerts.toSorted(byWeight) : alerts}
            show={show}
            more={
              list.hasNextPage
                ? { busy: list.isFetchingNextPage, load: () => void list.fetchNextPage() }
                : undefined
            }
          />
        )}
      </Loaded>
    </>
  );
}

interface AlertListProps {
  alerts: readonly Alert[];
  show: AlertShow;
  more: { busy: boolean; load: () => void } | undefined;
}

function AlertList({ alerts, show, more }: AlertListProps) {
  if (alerts.length === 0) {
    return show === 'active' ? (
      <Empty tone="ok" title={t.alert.emptyActive}>
        {t.alert.emptyActiveText}
      </Empty>
    ) : (
      <Empty title={t.alert.emptyOther} />
    );
  }
  return (
    <>
      <AlertCards alerts={alerts} title={t.alert.show[show]} />
      {more === undefined ? null : (
        <Button busy={more.busy} onClick={more.load} className="mt-4">
          {t.action.showMore}
        </Button>
      )}
    </>
  );
}
