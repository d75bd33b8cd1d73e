import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Site } from '@watchkeeper/contracts/inventory';
import { type FormEvent, useMemo, useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered, fieldMessages, messageOf } from '../../api/problem';
import { AppLink, useGo } from '../../app/link';
import { NoPermission } from '../../app/no-permission';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { useToast } from '../../app/toast';
import { useNow } from '../../lib/clock';
import { formatClock } from '../../lib/time';
import { localTimeZone, zoneCity, zoneGroups } from '../../lib/time-zones';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button, buttonClass } from '../../ui/button';
import { Card } from '../../ui/card';
import { SelectField, TextField } from '../../ui/field';
import { Notice } from '../../ui/notice';
import { useSluggedName } from './slugged-name';

export function AddSitePage() {
  usePageTitle(t.site.addTitle);
  const { org, can } = useOrg();
  return (
    <div className="max-w-xl">
      <Answer
        crumb={
          <AppLink to={paths.sites({ org })} className="hover:underline">
            {t.nav.sites}
          </AppLink>
        }
        sub={t.site.addLead}
      >
        {t.site.addTitle}
      </Answer>
      <div className="mt-6">{can('inventory:write') ? <AddSiteForm /> : <NoPermission />}</div>
    </div>
  );
}

function useAddSite() {
  const { org } = useOrg();
  const go = useGo();
  const say = useToast();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: { slug: string; name: string; timezone: string }) =>
      answered<Site>(api.POST('/api/v1/{org}/sites', { params: { path: { org } }, body })),
    onSuccess: (site) => {
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'sites') });
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'overview') });
      say({ tone: 'ok', text: t.site.added(site.name) });
      go(paths.site({ org, site: site.slug }));
    },
  });
}

function AddSiteForm() {
  const { org } = useOrg();
  const { name, setName, slug, setSlug } = useSluggedName();
  const [timezone, setTimezone] = useState(localTimeZone);
  const add = useAddSite();
  const errors = fieldMessages(add.error);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!add.isPending) add.mutate({ slug, name: name.trim(), timezone });
  }

  return (
    <Card className="p-5 sm:p-6">
      <form onSubmit={submit} className="grid gap-5">
        <TextField
          label={t.site.name}
          placeholder={t.site.namePlaceholder}
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={errors.name}
        />
        <TextField
          label={t.site.slug}
          help={t.site.slugHelp}
          required
          maxLength={128}
          autoCapitalize="none"
          spellCheck={false}
          value={slug}
          onChange={(event) => setSlug(event.currentTarget.value)}
          error={errors.slug}
        />
        <TimeZoneField value={timezone} onChange={setTimezone} error={errors.timezone} />
        {add.error !== null && Object.keys(errors).length === 0 ? (
          <Notice tone="attention" role="alert">
            {messageOf(add.error)}
          </Notice>
        ) : null}
        <div className="flex flex-wrap gap-2">
          <Button variant="primary" type="submit" busy={add.isPending}>
            {t.site.submit}
          </Button>
          <AppLink to={paths.sites({ org })} className={buttonClass('quiet')}>
            {t.action.cancel}
          </AppLink>
        </div>
      </form>
    </Card>
  );
}

interface TimeZoneFieldProps {
  value: string;
  onChange: (zone: string) => void;
  error: string | undefined;
}

export function TimeZoneField({ value, onChange, error }: TimeZoneFieldProps) {
  const now = useNow();
  const groups = useMemo(() => zoneGroups(localTimeZone()), []);
  return (
    <SelectField
      label={t.site.timezone}
      help={t.site.timezoneNow(formatClock(now, t.language, { timeZone: value }))}
      error={error}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {groups.map(({ region, zones }) => (
        <optgroup key={region} label={region}>
          {zones.map((zone) => (
            <option key={zone} value={zone}>
              {zoneCity(zone)}
            </option>
          ))}
        </optgroup>
      ))}
    </SelectField>
  );
}
