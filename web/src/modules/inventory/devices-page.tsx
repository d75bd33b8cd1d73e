import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { deviceStatuses } from '@watchkeeper/contracts/vocabulary';
import { useCallback, useDeferredValue, useState } from 'react';
import { sitesQuery } from '../../api/queries/inventory';
import { AppLink, useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { LoadFailed } from '../../app/states';
import { t } from '../../messages';
import { type DevicesSearch, paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { buttonClass } from '../../ui/button';
import { Card } from '../../ui/card';
import { Empty } from '../../ui/empty';
import { SelectField, TextField } from '../../ui/field';
import { PlusIcon } from '../../ui/icons';
import { SkeletonRows } from '../../ui/skeleton';
import { VirtualList } from '../../ui/virtual-list';
import { deviceListMax, deviceListQuery } from '../telemetry/queries';
import { DeviceRow, deviceRowHeight } from './device-row';

/** Every device of the organization: found by its name, its state, its place. */
export function DevicesPage({ search }: { search: DevicesSearch }) {
  usePageTitle(t.devices.title);
  const { org, can } = useOrg();
  const go = useGo();
  const { q, status, site, retired } = search;
  const filter = { q, status, site, retired };
  const change = (next: DevicesSearch) => go(paths.devices({ org, ...filter, ...next }), { replace: true });
  return (
    <>
      <DevicesHead filter={filter} canAdd={can('inventory:write')} />
      <Filters filter={filter} onChange={change} />
      <DeviceList filter={filter} />
    </>
  );
}

/** Retired is no state that a device reports, yet it is looked for in the same place. */
const retiredValue = 'retired';

function DevicesHead({ filter, canAdd }: { filter: DevicesSearch; canAdd: boolean }) {
  const { org } = useOrg();
  const list = useInfiniteQuery(deviceListQuery(org, filter));
  const count = list.data?.pages.reduce((sum, page) => sum + page.data.length, 0);
  return (
    <Answer
      actions={
        canAdd ? (
          <AppLink to={paths.addDevice({ org })} className={buttonClass()}>
            <PlusIcon size={16} />
            {t.overview.addDevice}
          </AppLink>
        ) : undefined
      }
    >
      {count === undefined ? t.devices.title : t.devices.sentence(count, list.hasNextPage)}
    </Answer>
  );
}

function Filters({ filter, onChange }: { filter: DevicesSearch; onChange: (next: DevicesSearch) => void }) {
  const { org } = useOrg();
  const sites = useQuery(sitesQuery(org));
  const [text, setText] = useState(filter.q ?? '');
  const given = (value: string) => (value === '' ? undefined : value);
  return (
    <search className="mt-5 grid grid-cols-2 gap-2 sm:grid-cols-[minmax(0,2fr)_repeat(2,minmax(0,1fr))] sm:gap-3 max-sm:*:first:col-span-2">
      <TextField
        label={t.devices.search}
        hideLabel
        type="search"
        maxLength={100}
        placeholder={t.devices.searchPlaceholder}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          onChange({ q: given(event.currentTarget.value.trim()) });
        }}
      />
      <SelectField
        label={t.devices.status}
        hideLabel
        value={filter.retired === undefined ? (filter.status ?? '') : retiredValue}
        onChange={({ currentTarget: { value } }) =>
          onChange(
            value === retiredValue
              ? { status: undefined, retired: 'only' }
              : { status: given(value), retired: undefined },
          )
        }
      >
        <option value="">{t.devices.anyStatus}</option>
        {deviceStatuses.map((status) => (
          <option key={status} value={status}>
            {t.deviceStatus[status]}
          </option>
        ))}
        <option value={retiredValue}>{t.devices.retired}</option>
      </SelectField>
      <SelectField
        label={t.devices.site}
        hideLabel
        value={filter.site ?? ''}
        onChange={(event) => onChange({ site: given(event.currentTarget.value) })}
      >
        <option value="">{t.devices.anySite}</option>
        {(sites.data?.data ?? []).map((site) => (
          <option key={site.id} value={site.slug}>
            {site.name}
          </option>
        ))}
      </SelectField>
    </search>
  );
}

function DeviceList({ filter }: { filter: DevicesSearch }) {
  const { org } = useOrg();
  // Typing stays quick: the list follows a moment later.
  const wanted = useDeferredValue(filter.q);
  const query = useInfiniteQuery(deviceListQuery(org, { ...filter, q: wanted }));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const devices = query.data?.pages.flatMap((page) => page.data);

  if (devices === undefined) {
    return (
      <div className="mt-6">
        {query.error === null ? (
          <SkeletonRows label={t.state.loading} rows={8} />
        ) : (
          <LoadFailed error={query.error} onRetry={() => void query.refetch()} />
        )}
      </div>
    );
  }
  if (devices.length === 0) {
    return (
      <div className="mt-6">
        <Empty title={t.devices.none}>{t.devices.noneText}</Empty>
      </div>
    );
  }
  return (
    <>
      <Card className="mt-4 overflow-clip">
        <VirtualList
          label={t.devices.list}
          items={devices}
          keyOf={(device) => device.id}
          rowHeight={deviceRowHeight}
          onNearEnd={more}
        >
          {(device) => (
            <DeviceRow
              device={device}
              place={device.area === null ? device.site.name : `${device.site.name} / ${device.area.name}`}
            />
          )}
        </VirtualList>
      </Card>
      <p role="status" className="mt-3 min-h-5 text-1 text-ink-3">
        {isFetchingNextPage ? t.devices.loadingMore : null}
        {devices.length >= deviceListMax ? t.devices.limit(deviceListMax) : null}
      </p>
    </>
  );
}
