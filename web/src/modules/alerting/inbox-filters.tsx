import { useQuery } from '@tanstack/react-query';
import { severities } from '@watchkeeper/contracts/vocabulary';
import { useEffect, useRef, useState } from 'react';
import { sitesQuery } from '../../api/queries/inventory';
import { useCommand } from '../../app/commands';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { classes } from '../../ui/classes';
import { Choice, SelectField, TextField } from '../../ui/field';
import { type AlertFilter, alertShows, isNarrowed, widened } from './inbox-filter';
import { searchLengthMax } from './limits';
import { alertTypesQuery } from './queries';
import { SavedViews } from './saved-views';

interface InboxFiltersProps {
  filter: AlertFilter;
  onFilter: (filter: AlertFilter, options?: { replace?: boolean }) => void;
}

/** The filters of the list. On a phone the finer ones fold away behind one button. */
export function InboxFilters({ filter, onFilter }: InboxFiltersProps) {
  const [unfolded, setUnfolded] = useState(isNarrowed(filter));
  return (
    <div className="mt-5 mb-4 grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Choice
          label={t.alert.filter}
          hideLabel
          options={alertShows.map((value) => ({ value, label: t.alert.show[value] }))}
          value={filter.show}
          onChange={(show) => onFilter({ ...filter, show })}
        />
        <div className="flex gap-2">
          <Button aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)} className="md:hidden">
            {t.alert.filters}
          </Button>
          <SavedViews filter={filter} onFilter={onFilter} />
        </div>
      </div>
      <div
        className={classes(
          'grid grid-cols-2 gap-2 md:grid-cols-[minmax(12rem,1fr)_repeat(3,minmax(0,11rem))_auto]',
          !unfolded && 'max-md:hidden',
        )}
      >
        <FreeText filter={filter} onFilter={onFilter} />
        <Selects filter={filter} onFilter={onFilter} />
        <Button
          variant="quiet"
          onClick={() => onFilter(widened(filter))}
          className={classes(!isNarrowed(filter) && 'invisible')}
        >
          {t.alert.clearFilters}
        </Button>
      </div>
    </div>
  );
}

const typingMs = 250;

/** Goes into the address once the typing rests; each letter would be a request. */
function FreeText({ filter, onFilter }: InboxFiltersProps) {
  const asked = filter.q ?? '';
  const [text, setText] = useState(asked);
  const field = useRef<HTMLDivElement>(null);
  useEffect(() => setText(asked), [asked]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the wait
  useEffect(() => {
    if (text.trim() === asked) return;
    const wait = setTimeout(
      () => onFilter({ ...filter, q: text.trim() === '' ? undefined : text.trim() }, { replace: true }),
      typingMs,
    );
    return () => clearTimeout(wait);
  }, [text]);
  useCommand({
    id: 'filter',
    label: t.shortcuts.filter,
    keys: '/',
    run: () => field.current?.querySelector('input')?.focus(),
  });
  return (
    <div ref={field} className="max-md:col-span-2">
      <TextField
        label={t.alert.search}
        hideLabel
        type="search"
        placeholder={t.alert.search}
        maxLength={searchLengthMax}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur();
        }}
      />
    </div>
  );
}

interface Option {
  value: string;
  label: string;
}

function Selects({ filter, onFilter }: InboxFiltersProps) {
  const { org } = useOrg();
  const types = useQuery(alertTypesQuery(org)).data ?? [];
  const sites = useQuery(sitesQuery(org)).data?.data ?? [];
  return (
    <>
      <FilterSelect
        label={t.alert.severity}
        all={t.alert.allSeverities}
        options={severities.map((value) => ({ value, label: t.severity[value] }))}
        value={filter.severity}
        onChoose={(value) => onFilter({ ...filter, severity: severities.find((each) => each === value) })}
      />
      <FilterSelect
        label={t.alert.type}
        all={t.alert.allTypes}
        options={types}
        value={filter.type}
        onChoose={(type) => onFilter({ ...filter, type })}
      />
      <FilterSelect
        label={t.alert.site}
        all={t.alert.clearSite}
        options={sites.map((site) => ({ value: site.slug, label: site.name }))}
        value={filter.site}
        onChoose={(site) => onFilter({ ...filter, site })}
      />
    </>
  );
}

interface FilterSelectProps {
  label: string;
  all: string;
  options: readonly Option[];
  value: string | undefined;
  onChoose: (value: string | undefined) => void;
}

/** Keeps what the address asks for as a choice, even when the list does not know it (any more). */
function FilterSelect({ label, all, options, value, onChoose }: FilterSelectProps) {
  const known = value === undefined || options.some((option) => option.value === value);
  return (
    <SelectField
      label={label}
      hideLabel
      value={value ?? ''}
      onChange={(event) => onChoose(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
    >
      <option value="">{all}</option>
      {known ? null : <option value={value}>{value}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </SelectField>
  );
}
