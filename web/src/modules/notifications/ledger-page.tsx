import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { notificationStatuses } from '@watchkeeper/contracts/vocabulary';
import { useMemo } from 'react';
import { channelsQuery } from '../../api/queries/channels';
import { AppLink, useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { type LedgerSearch, paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { Choice, SelectField } from '../../ui/field';
import { SkeletonRows } from '../../ui/skeleton';
import { alertQuery } from '../alerting/queries';
import { NobodyHears } from '../channels/nobody-hears';
import { membersQuery } from '../identity/queries';
import { isFiltered, type LedgerFilter, ledgerFilterOf, ledgerSpans } from './ledger-filter';
import { ledgerPagesQuery } from './ledger-queries';
import { LedgerRow } from './ledger-row';

const rowsWhileLoading = 6;

/** Everything that was told, and everything that was not with the reason. */
export function LedgerPage({ search }: { search: LedgerSearch }) {
  usePageTitle(t.ledger.title);
  const { org } = useOrg();
  const go = useGo();
  const filter = ledgerFilterOf(search);
  const list = useInfiniteQuery(ledgerPagesQuery(org, filter));
  const names = useNames();
  const show = (next: LedgerFilter): void => go(paths.ledger({ org, ...next }));
  return (
    <>
      <Answer sub={t.ledger.lead}>{t.ledger.title}</Answer>
      <Filters filter={filter} onFilter={show} />
      <NobodyHears className="mb-4" />
      <Loaded query={list} loading={<SkeletonRows label={t.state.loading} rows={rowsWhileLoading} />}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.data);
          if (rows.length === 0) return <NoRows filter={filter} onAll={() => show(ledgerFilterOf({}))} />;
          return (
            <>
              <ul className="rounded-3 border border-line bg-surface shadow-card">
                {rows.map((row) => (
                  <LedgerRow key={row.id} org={org} row={row} names={names} />
                ))}
              </ul>
              {list.hasNextPage ? (
                <Button
                  busy={list.isFetchingNextPage}
                  onClick={() => void list.fetchNextPage()}
                  className="mt-4"
                >
                  {t.action.showMore}
                </Button>
              ) : null}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

/** Members by their address: a person is called by name. */
function useNames(): ReadonlyMap<string, string> {
  const { org } = useOrg();
  const { data } = useQuery(membersQuery(org));
  return useMemo(
    () => new Map(data?.data.map((member) => [member.email.toLowerCase(), member.name])),
    [data],
  );
}

interface FiltersProps {
  filter: LedgerFilter;
  onFilter: (filter: LedgerFilter) => void;
}

function Filters({ filter, onFilter }: FiltersProps) {
  const { org } = useOrg();
  const channels = useQuery(channelsQuery(org)).data?.data ?? [];
  const known = filter.channel === undefined || channels.some((channel) => channel.id === filter.channel);
  return (
    <div className="mt-5 mb-4 grid gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Choice
          label={t.ledger.filterStatus}
          hideLabel
          options={[
            { value: 'all', label: t.ledger.all },
            ...notificationStatuses.map((value) => ({ value, label: t.ledger.status[value] })),
          ]}
          value={filter.status ?? 'all'}
          onChange={(value) =>
            onFilter({ ...filter, status: notificationStatuses.find((each) => each === value) })
          }
        />
        <div className="grid grid-cols-2 gap-2 max-sm:w-full">
          <SelectField
            label={t.ledger.channel}
            hideLabel
            value={filter.channel ?? ''}
            onChange={(event) => onFilter({ ...filter, channel: event.currentTarget.value || undefined })}
          >
            <option value="">{t.ledger.allChannels}</option>
            {known ? null : <option value={filter.channel}>{t.ledger.goneChannel}</option>}
            {channels.map((channel) => (
              <option key={channel.id} value={channel.id}>
                {channel.name}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={t.ledger.since}
            hideLabel
            value={filter.since ?? ''}
            onChange={(event) => onFilter(ledgerFilterOf({ ...filter, since: event.currentTarget.value }))}
          >
            <option value="">{t.ledger.always}</option>
            {(Object.keys(ledgerSpans) as (keyof typeof ledgerSpans)[]).map((span) => (
              <option key={span} value={span}>
                {t.ledger.spans[span]}
              </option>
            ))}
          </SelectField>
        </div>
      </div>
      {filter.alert === undefined ? null : (
        <OfAlert alert={filter.alert} onClear={() => onFilter({ ...filter, alert: undefined })} />
      )}
    </div>
  );
}

/** The ledger of one alert names it, and leads back to it. */
function OfAlert({ alert, onClear }: { alert: string; onClear: () => void }) {
  const { org } = useOrg();
  const { data } = useQuery(alertQuery(org, alert));
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-2">
      <span>
        {t.ledger.ofAlert}{' '}
        <AppLink to={paths.alert({ org, alert })} className="font-medium text-accent hover:underline">
          {data?.title ?? t.ledger.theAlert}
        </AppLink>
      </span>
      <Button variant="quiet" onClick={onClear}>
        {t.ledger.allAlerts}
      </Button>
    </p>
  );
}

function NoRows({ filter, onAll }: { filter: LedgerFilter; onAll: () => void }) {
  if (!isFiltered(filter)) return <Empty title={t.ledger.empty}>{t.ledger.emptyText}</Empty>;
  return (
    <Empty title={t.ledger.emptyFiltered} action={<Button onClick={onAll}>{t.alert.clearFilters}</Button>} />
  );
}
