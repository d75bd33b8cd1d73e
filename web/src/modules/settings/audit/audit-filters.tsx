import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useGo } from '../../../app/link';
import { useOrg } from '../../../app/session';
import { t } from '../../../messages';
import { paths } from '../../../paths';
import { Button } from '../../../ui/button';
import { SelectField, TextField } from '../../../ui/field';
import { membersQuery } from '../../identity/queries';
import type { Filters } from './filters';

/** A change is shown at once, but for free text, which waits for the button or the Enter key. */
export function AuditFilters({ filters }: { filters: Filters }) {
  const { org } = useOrg();
  const go = useGo();
  const [target, setTarget] = useState(filters.target ?? '');
  const words = t.settings.audit;

  function show(change: Filters): void {
    const wanted = { ...filters, target, ...change };
    const query = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value.trim() !== ''));
    go(paths.settingsSection({ org, section: 'audit', query }), { replace: true });
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    show({});
  }

  return (
    <form
      aria-label={words.filter}
      onSubmit={submit}
      className="grid grid-cols-2 items-start gap-3 sm:grid-cols-3 xl:grid-cols-[1fr_1fr_1.4fr_1fr_1fr]"
    >
      <WhoField value={filters.who ?? ''} onChange={(who) => show({ who })} />
      <SelectField
        label={words.what}
        value={filters.what ?? ''}
        onChange={(event) => show({ what: event.currentTarget.value })}
      >
        <option value="">{words.anything}</option>
        {Object.entries(words.noun).map(([noun, label]) => (
          <option key={noun} value={noun}>
            {label}
          </option>
        ))}
        {filters.what === undefined || filters.what in words.noun ? null : (
          <option value={filters.what}>{filters.what}</option>
        )}
      </SelectField>
      <div className="max-sm:col-span-2">
        <TextField
          label={words.target}
          help={words.targetHelp}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={200}
          value={target}
          onChange={(event) => setTarget(event.currentTarget.value)}
        />
      </div>
      <div className="max-sm:col-span-2">
        <TextField
          label={words.from}
          type="date"
          value={filters.from ?? ''}
          onChange={(event) => show({ from: event.currentTarget.value })}
        />
      </div>
      <div className="max-sm:col-span-2">
        <TextField
          label={words.to}
          type="date"
          value={filters.to ?? ''}
          onChange={(event) => show({ to: event.currentTarget.value })}
        />
      </div>
      <div className="col-span-full flex flex-wrap gap-2">
        <Button type="submit">{words.apply}</Button>
        {Object.keys(filters).length === 0 ? null : (
          <Button
            variant="quiet"
            onClick={() => go(paths.settingsSection({ org, section: 'audit' }), { replace: true })}
          >
            {words.clear}
          </Button>
        )}
      </div>
    </form>
  );
}

function WhoField({ value, onChange }: { value: string; onChange: (who: string) => void }) {
  const { org } = useOrg();
  const members = useQuery(membersQuery(org));
  const people = members.data?.data ?? [];
  const words = t.settings.audit;
  return (
    <SelectField label={words.who} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">{words.anybody}</option>
      <option value="api_key">{words.byKey}</option>
      <option value="system">{words.bySystem}</option>
      <option value="channel">{words.byChannel}</option>
      {people.map((person) => (
        <option key={person.id} value={person.id}>
          {person.name}
        </option>
      ))}
      {value === '' ||
      value === 'api_key' ||
      value === 'system' ||
      value === 'channel' ||
      people.some((person) => person.id === value) ? null : (
        <option value={value}>{value}</option>
      )}
    </SelectField>
  );
}
