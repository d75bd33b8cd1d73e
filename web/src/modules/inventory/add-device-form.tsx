import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DeviceInput, Site } from '@watchkeeper/contracts/inventory';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered, fieldMessages, messageOf } from '../../api/problem';
import { areasQuery, deviceTypesQuery } from '../../api/queries/inventory';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { SelectField, TextField } from '../../ui/field';
import { Notice } from '../../ui/notice';
import type { CreatedDevice } from './created-device';
import { useSluggedName } from './slugged-name';

function useAddDevice(onCreated: (device: CreatedDevice) => void) {
  const { org } = useOrg();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: DeviceInput) =>
      answered<CreatedDevice>(api.POST('/api/v1/{org}/devices', { params: { path: { org } }, body })),
    onSuccess: (device) => {
      for (const resource of ['overview', 'states', 'devices', 'sites'] as const) {
        void queryClient.invalidateQueries({ queryKey: keys.of(org, resource) });
      }
      onCreated(device);
    },
  });
}

interface AddDeviceFormProps {
  sites: readonly Site[];
  initialSite: string;
  onCreated: (device: CreatedDevice) => void;
}

export function AddDeviceForm({ sites, initialSite, onCreated }: AddDeviceFormProps) {
  const [site, setSite] = useState(initialSite);
  const [area, setArea] = useState('');
  const [type, setType] = useState('');
  const { name, setName, slug, setSlug } = useSluggedName();
  const add = useAddDevice(onCreated);
  const errors = fieldMessages(add.error);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (add.isPending) return;
    add.mutate({
      site,
      slug,
      name: name.trim(),
      ...(area === '' ? {} : { area }),
      ...(type === '' ? {} : { type }),
    });
  }

  return (
    <Card className="p-5 sm:p-6">
      <form onSubmit={submit} className="grid gap-5">
        <SelectField
          label={t.device.site}
          value={site}
          onChange={(event) => {
            setSite(event.currentTarget.value);
            setArea('');
          }}
          error={errors.site}
        >
          {sites.map((each) => (
            <option key={each.id} value={each.slug}>
              {each.name}
            </option>
          ))}
        </SelectField>
        <AreaField site={site} value={area} onChange={setArea} error={errors.area} />
        <TextField
          label={t.device.name}
          placeholder={t.device.namePlaceholder}
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={errors.name}
        />
        <TextField
          label={t.device.slug}
          help={t.device.slugHelp}
          required
          maxLength={128}
          autoCapitalize="none"
          spellCheck={false}
          value={slug}
          onChange={(event) => setSlug(event.currentTarget.value)}
          error={errors.slug}
        />
        <TypeField value={type} onChange={setType} error={errors.type} />
        {add.error !== null && Object.keys(errors).length === 0 ? (
          <Notice tone="attention" role="alert">
            {messageOf(add.error)}
          </Notice>
        ) : null}
        <div>
          <Button variant="primary" type="submit" busy={add.isPending}>
            {t.device.submit}
          </Button>
        </div>
      </form>
    </Card>
  );
}

interface PickProps {
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}

/** Only where the site has areas at all. */
export function AreaField({ site, value, onChange, error }: PickProps & { site: string }) {
  const { org } = useOrg();
  const areas = useQuery(areasQuery(org, site));
  if (areas.data === undefined || areas.data.data.length === 0) return null;
  return (
    <SelectField
      label={t.device.area}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
    >
      <option value="">{t.site.noArea}</option>
      {areas.data.data.map((area) => (
        <option key={area.id} value={area.slug}>
          {area.name}
        </option>
      ))}
    </SelectField>
  );
}

export function TypeField({ value, onChange, error }: PickProps) {
  const { org } = useOrg();
  const types = useQuery(deviceTypesQuery(org));
  return (
    <SelectField
      label={t.device.type}
      help={t.device.typeHelp}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
    >
      <option value="">{t.device.noType}</option>
      {types.data?.data.map((type) => (
        <option key={type.id} value={type.slug}>
          {type.name}
        </option>
      ))}
    </SelectField>
  );
}
