import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Alert } from '@watchkeeper/contracts/alerting';
import type { ReactNode } from 'react';
import { overviewQuery } from '../../api/queries/overview';
import { useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { ArrivedNote, useSteady } from '../../app/steady';
import { t } from '../../messages';
import { type AlertSearch, paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { SkeletonRows } from '../../ui/skeleton';
import { type AlertFilter, filterOf, isNarrowed, searchOf, widened } from './inbox-filter';
import { InboxFilters } from './inbox-filters';
import { InboxList } from './inbox-list';
import { alertsQuery } from './queries';
import { sentenceOf } from './sentence';
import { arrivedAmong, shapeOfAlerts } from './shape';

const rowsWhileLoading = 5;

/** The inbox. Its address is its state: filters can be linked, saved and gone back to. */
export function AlertsPage({ search }: { search: AlertSearch }) {
  usePageTitle(t.alert.listTitle);
  const { org } = useOrg();
  const go = useGo();
  const filter = filterOf(search);
  const overview = useQuery(overviewQuery(org));
  const list = useInfiniteQuery({ ...alertsQuery(org, filter), placeholderData: keepPreviousData });
  const show = (next: AlertFilter, options?: { replace?: boolean }): void =>
    go(paths.alerts({ org, ...searchOf(next) }), options);

  return (
    <>
      <Answer>{overview.data === undefined ? t.alert.listTitle : sentenceOf(overview.data)}</Answer>
      <InboxFilters filter={filter} onFilter={show} />
      <Loaded query={list} loading={<SkeletonRows label={t.state.loading} rows={rowsWhileLoading} />}>
        {({ pages }) => (
          // Other filters are another list: nothing of the one before is held.
          <Inbox
            key={JSON.stringify(filter)}
            alerts={pages.flatMap((page) => page.data)}
            title={t.alert.show[filter.show]}
            empty={<NoAlerts filter={filter} onWiden={() => show(widened(filter))} />}
            more={
              list.hasNextPage ? (
                <Button
                  busy={list.isFetchingNextPage}
                  onClick={() => void list.fetchNextPage()}
                  className="mt-4"
                >
                  {t.action.showMore}
                </Button>
              ) : null
            }
          />
        )}
      </Loaded>
    </>
  );
}

interface InboxProps {
  alerts: readonly Alert[];
  title: string;
  empty: ReactNode;
  more: ReactNode;
}

function Inbox({ alerts, title, empty, more }: InboxProps) {
  const { shown, isBehind, catchUp } = useSteady(alerts, shapeOfAlerts);
  if (shown.length === 0) return empty;
  return (
    <>
      {isBehind ? <ArrivedNote count={arrivedAmong(alerts, shown)} onShow={catchUp} /> : null}
      <InboxList alerts={shown} title={title} />
      {more}
    </>
  );
}

function NoAlerts({ filter, onWiden }: { filter: AlertFilter; onWiden: () => void }) {
  if (isNarrowed(filter))
    return (
      <Empty title={t.alert.emptyFiltered} action={<Button onClick={onWiden}>{t.alert.clearFilters}</Button>}>
        {t.alert.emptyFilteredText}
      </Empty>
    );
  if (filter.show === 'active' || filter.show === 'open')
    return (
      <Empty tone="ok" title={t.alert.emptyActive}>
        {t.alert.emptyActiveText}
      </Empty>
    );
  return <Empty title={t.alert.emptyOther} />;
}
