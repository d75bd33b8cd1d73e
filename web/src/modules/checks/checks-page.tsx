import { useQuery } from '@tanstack/react-query';
import type { Check, CheckStatus } from '@watchkeeper/contracts/checks';
import { useDeferredValue, useMemo, useState } from 'react';
import { type CheckFilter, checkListMax, checksQuery } from '../../api/queries/checks';
import { sitesQuery } from '../../api/queries/inventory';
import { AppLink, useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { type ChecksSearch, paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { buttonClass } from '../../ui/button';
import { Card } from '../../ui/card';
import { Empty } from '../../ui/empty';
import { Choice, SelectField, TextField } from '../../ui/field';
import { PlusIcon } from '../../ui/icons';
import { SkeletonRows } from '../../ui/skeleton';
import { VirtualList } from '../../ui/virtual-list';
import { CheckRow, checkRowHeight } from './check-row';
import { isByServer } from './check-tone';
import { type Grouping, groupChecks, groupingFrom, groupings, isHeading } from './group-checks';
import { useCheckNames } from './use-names';

/** All checks, those that are down first. */
export function ChecksPage({ search }: { search: ChecksSearch }) {
  usePageTitle(t.check.title);
  const { org } = useOrg();
  const go = useGo();
  const { q, status, kind, site } = search;
  const filter = { q, status, kind, site };
  const by = groupingFrom(search.by);
  const change = (next: ChecksSearch): void =>
    go(paths.checks({ org, ...search, ...next }), { replace: true });
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const asked = useDeferredValue(filter);
  const checks = useQuery({ ...checksQuery(org, asked), placeholderData: (before) => before });
  const isEmpty = !isFiltered && checks.data?.data.length === 0;
  return (
    <>
      <Head checks={checks.data?.data} isFiltered={isFiltered} />
      {isEmpty ? (
        <div className="mt-6">
          <Empty title={t.check.empty} action={<AddLink primary />}>
            {t.check.emptyText}
          </Empty>
        </div>
      ) : (
        <>
          <Filters search={search} by={by} onChange={change} />
          <div className="mt-4">
            <Loaded query={checks} loading={<SkeletonRows label={t.state.loading} rows={8} />}>
              {({ data }) => <CheckList checks={data} by={by} />}
            </Loaded>
          </div>
        </>
      )}
    </>
  );
}

function AddLink({ primary = false }: { primary?: boolean }) {
  const { org, can } = useOrg();
  if (!can('inventory:write')) return null;
  return (
    <AppLink to={paths.addCheck({ org })} className={buttonClass(primary ? 'primary' : 'secondary')}>
      <PlusIcon size={16} /> {t.check.add}
    </AppLink>
  );
}

function Head({ checks, isFiltered }: { checks: readonly Check[] | undefined; isFiltered: boolean }) {
  if (checks === undefined || checks.length === 0)
    return <Answer actions={isFiltered ? <AddLink /> : undefined}>{t.check.title}</Answer>;
  const on = checks.filter((check) => check.enabled);
  const of = (status: CheckStatus) => on.filter((check) => check.state.status === status).length;
  const pending = of('pending');
  const off = checks.length - on.length;
  return (
    <Answer
      actions={<AddLink />}
      sub={
        <>
          <span>{t.check.counts(of('up'), on.length)}</span>
          {pending === 0 ? null : <span>{t.check.pendingCount(pending)}</span>}
          {off === 0 ? null : <span>{t.check.offCount(off)}</span>}
        </>
      }
    >
      {isFiltered
        ? t.check.sentenceFiltered(checks.length)
        : t.check.sentence(of('down'), of('unknown'), on.length)}
    </Answer>
  );
}

const statuses: readonly CheckStatus[] = ['down', 'unknown', 'pending', 'up'];

interface FiltersProps {
  search: ChecksSearch & CheckFilter;
  by: Grouping;
  onChange: (next: ChecksSearch) => void;
}

function Filters({ search, by, onChange }: FiltersProps) {
  const { org } = useOrg();
  const sites = useQuery(sitesQuery(org)).data?.data ?? [];
  const { kinds } = useCheckNames();
  const [text, setText] = useState(search.q ?? '');
  const given = (value: string) => (value === '' ? undefined : value);
  return (
    <search className="mt-5 grid grid-cols-2 items-center gap-2 sm:gap-3 lg:grid-cols-[minmax(0,2fr)_repeat(3,minmax(0,1fr))_auto]">
      <div className="max-lg:col-span-2">
        <TextField
          label={t.check.search}
          hideLabel
          type="search"
          maxLength={100}
          placeholder={t.check.searchPlaceholder}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            onChange({ q: given(event.currentTarget.value.trim()) });
          }}
        />
      </div>
      <SelectField
        label={t.check.anyStatus}
        hideLabel
        value={search.status ?? ''}
        onChange={(event) => onChange({ status: given(event.currentTarget.value) })}
      >
        <option value="">{t.check.anyStatus}</option>
        {statuses.map((status) => (
          <option key={status} value={status}>
            {t.check.status[status]}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t.check.kind}
        hideLabel
        value={search.kind ?? ''}
        onChange={(event) => onChange({ kind: given(event.currentTarget.value) })}
      >
        <option value="">{t.check.anyKind}</option>
        {kinds.map((kind) => (
          <option key={kind.kind} value={kind.kind}>
            {kind.label}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t.check.site}
        hideLabel
        value={search.site ?? ''}
        onChange={(event) => onChange({ site: given(event.currentTarget.value) })}
      >
        <option value="">{t.check.anySite}</option>
        {sites.map((site) => (
          <option key={site.id} value={site.slug}>
            {site.name}
          </option>
        ))}
      </SelectField>
      <Choice
        label={t.check.groupBy}
        hideLabel
        options={groupings.map((value) => ({ value, label: t.check.by[value] }))}
        value={by}
        onChange={(value) => onChange({ by: value === 'site' ? undefined : value })}
      />
    </search>
  );
}

function CheckList({ checks, by }: { checks: readonly Check[]; by: Grouping }) {
  const names = useCheckNames();
  const items = useMemo(
    () =>
      groupChecks(checks, {
        group: (check) =>
          by === 'kind' ? names.kind(check.kind) : check.site === null ? undefined : names.site(check.site),
        none: t.check.noSite,
      }),
    [checks, by, names],
  );
  if (checks.length === 0) return <Empty title={t.check.none}>{t.check.noneText}</Empty>;
  return (
    <>
      <Card className="overflow-clip">
        <VirtualList label={t.check.list} items={items} keyOf={(item) => item.id} rowHeight={checkRowHeight}>
          {(item) =>
            isHeading(item) ? (
              <p className="flex items-baseline justify-between bg-sunken px-4 py-2 text-1 font-semibold text-ink-2">
                {item.heading}
                <span className="font-normal text-ink-3">{item.count}</span>
              </p>
            ) : (
              <CheckRow check={item} note={noteOf(item, by, names)} />
            )
          }
        </VirtualList>
      </Card>
      {checks.length < checkListMax ? null : (
        <p className="mt-3 text-1 text-ink-3">{t.check.more(checkListMax)}</p>
      )}
    </>
  );
}

/** The rest of the facts, besides the heading. */
function noteOf(check: Check, by: Grouping, names: ReturnType<typeof useCheckNames>): string {
  const place = check.site === null ? t.check.noSite : names.site(check.site);
  const note = by === 'site' ? names.kind(check.kind) : place;
  return isByServer(check) ? `${note} · ${t.check.byServer}` : note;
}
