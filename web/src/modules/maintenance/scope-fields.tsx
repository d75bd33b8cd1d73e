import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { checksQuery } from '../../api/queries/checks';
import { areasQuery, deviceTypesQuery } from '../../api/queries/inventory';
import { pickStatus } from '../../app/pick-status';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { Choice, SelectField } from '../../ui/field';
import { PickMany, type PickOption } from '../../ui/pick-field';
import { devicePicksQuery } from '../telemetry/queries';
import { everything } from './place-words';
import type { SiteNames } from './use-site-names';
import type { WindowDraft } from './window-draft';

interface ScopeFieldsProps {
  draft: WindowDraft;
  onChange: (change: Partial<WindowDraft>) => void;
  errors: Readonly<Record<string, string>>;
  names: SiteNames;
}

/** Everywhere, a site, or some of what is there. */
export function ScopeFields({ draft, onChange, errors, names }: ScopeFieldsProps) {
  return (
    <div className="grid gap-5">
      <SelectField
        label={t.maintenance.site}
        value={draft.location}
        error={errors.location}
        onChange={({ currentTarget: { value } }) =>
          // Areas and devices belong to a site; the clock follows it.
          onChange({
            location: value,
            timezone: names.zone(value) ?? draft.timezone,
            systems: draft.systems.filter((system) => system.startsWith('type:')),
          })
        }
      >
        <option value={everything}>{t.maintenance.anySite}</option>
        {names.list.map((site) => (
          <option key={site.id} value={site.slug}>
            {site.name}
          </option>
        ))}
      </SelectField>
      <Choice<WindowDraft['scope']>
        label={t.maintenance.scope}
        options={[
          { value: 'all', label: t.maintenance.scopes.all },
          { value: 'some', label: t.maintenance.scopes.some },
        ]}
        value={draft.scope}
        onChange={(scope) => onChange({ scope })}
      />
      {draft.scope === 'some' ? <Systems draft={draft} onChange={onChange} error={errors.systems} /> : null}
    </div>
  );
}

/** Lists areas, devices and types by name, and gives the choice in the form that the API takes. */
function Systems({
  draft,
  onChange,
  error,
}: Pick<ScopeFieldsProps, 'draft' | 'onChange'> & { error: string | undefined }) {
  const { org } = useOrg();
  const [text, setText] = useState('');
  const isSite = draft.location !== everything;
  const site = isSite ? draft.location : undefined;
  const types = useQuery(deviceTypesQuery(org)).data?.data ?? [];
  const areas = useQuery({ ...areasQuery(org, draft.location), enabled: isSite }).data?.data ?? [];
  const asked = useDeferredValue(text);
  const devices = useQuery(devicePicksQuery(org, asked, site));
  const checks = useQuery(checksQuery(org, { site })).data?.data ?? [];
  const word = t.maintenance.systemKind;
  const options: PickOption[] = [
    ...areas.map((area) => ({ id: `area:${area.slug}`, label: `${area.name} (${word.area})` })),
    ...types.map((type) => ({ id: `type:${type.slug}`, label: `${type.name} (${word.type})` })),
    ...checks.map((check) => ({ id: `check:${check.slug}`, label: `${check.name} (${word.check})` })),
    ...(devices.data ?? []).map((device) => ({ id: `device:${device.id}`, label: device.label })),
  ];
  return (
    <PickMany
      label={t.maintenance.systems}
      help={t.maintenance.systemsHelp}
      placeholder={t.maintenance.systemsPlaceholder}
      notFound={t.check.notInList}
      options={options}
      pending={asked !== text || devices.isPlaceholderData || devices.isPending}
      status={pickStatus}
      values={draft.systems}
      chosenLabel={t.maintenance.systems}
      nameOf={(value) => nameOf(value, options)}
      removeLabel={t.check.remove}
      error={error}
      onText={setText}
      onChange={(systems) => onChange({ systems })}
    />
  );
}

/** A window that is read back names areas and devices without saying which they are. */
function nameOf(value: string, options: readonly PickOption[]): string {
  const found = options.find(({ id }) => id === value || id.endsWith(`:${value}`));
  return found?.label ?? value.replace(/^device:/, '');
}
