import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { checksQuery } from '../../api/queries/checks';
import { deviceQuery, sitesQuery } from '../../api/queries/inventory';
import { pickStatus } from '../../app/pick-status';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { SelectField } from '../../ui/field';
import { PickField, PickMany } from '../../ui/pick-field';
import { devicePicksQuery } from '../telemetry/queries';
import type { CheckDraft } from './check-draft';

interface PlaceFieldsProps {
  draft: CheckDraft;
  onChange: (change: Partial<CheckDraft>) => void;
  errors: Readonly<Record<string, string>>;
  /** The check itself, which cannot depend on itself. */
  self: string | undefined;
}

/** The subject of the check and its dependencies, all by name. */
export function PlaceFields({ draft, onChange, errors, self }: PlaceFieldsProps) {
  const { org } = useOrg();
  const sites = useQuery(sitesQuery(org)).data?.data ?? [];
  const chosen = useQuery({ ...deviceQuery(org, draft.device), enabled: draft.device !== '' });
  return (
    <div className="grid gap-5">
      <div className="grid gap-5 sm:grid-cols-2">
        <DeviceField
          value={draft.device}
          name={chosen.data?.name}
          error={errors.device}
          onChange={(device) => onChange({ device })}
        />
        <SelectField
          label={t.check.site}
          help={draft.device === '' ? t.check.siteHelp : t.check.siteOfDevice}
          value={draft.device === '' ? draft.site : (chosen.data?.site ?? draft.site)}
          disabled={draft.device !== ''}
          error={errors.site}
          onChange={(event) => onChange({ site: event.currentTarget.value })}
        >
          <option value="">{t.check.noSiteChosen}</option>
          {sites.map((site) => (
            <option key={site.id} value={site.slug}>
              {site.name}
            </option>
          ))}
        </SelectField>
      </div>
      <DependsOn draft={draft} onChange={onChange} error={errors.depends_on} self={self} />
    </div>
  );
}

interface DeviceFieldProps {
  value: string;
  name: string | undefined;
  error: string | undefined;
  onChange: (device: string) => void;
}

function DeviceField({ value, name, error, onChange }: DeviceFieldProps) {
  const { org } = useOrg();
  const [text, setText] = useState('');
  const asked = useDeferredValue(text);
  const devices = useQuery(devicePicksQuery(org, asked));
  return (
    <PickField
      label={t.check.device}
      help={t.check.deviceHelp}
      placeholder={t.check.devicePlaceholder}
      notFound={t.check.notInList}
      options={devices.data ?? []}
      pending={asked !== text || devices.isPlaceholderData || devices.isPending}
      status={pickStatus}
      value={value}
      valueLabel={name === undefined ? undefined : `${name} (${value})`}
      error={error}
      onText={setText}
      onChange={onChange}
    />
  );
}

function DependsOn({
  draft,
  onChange,
  error,
  self,
}: Omit<PlaceFieldsProps, 'errors'> & { error: string | undefined }) {
  const { org } = useOrg();
  const checks = useQuery(checksQuery(org, {})).data?.data ?? [];
  const options = checks
    .filter((check) => check.slug !== self)
    .map((check) => ({ id: check.slug, label: `${check.name} (${check.slug})` }));
  return (
    <PickMany
      label={t.check.dependsOn}
      help={t.check.dependsOnHelp}
      placeholder={t.check.dependsOnPlaceholder}
      notFound={t.check.notInList}
      options={options}
      status={pickStatus}
      values={draft.dependsOn}
      chosenLabel={t.check.dependsOn}
      nameOf={(slug) => checks.find((check) => check.slug === slug)?.name ?? slug}
      removeLabel={t.check.remove}
      error={error}
      onChange={(dependsOn) => onChange({ dependsOn })}
    />
  );
}
