import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { OpeningHours, Site, SiteUpdate } from '@watchkeeper/contracts/inventory';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered, fieldMessages, messageOf } from '../../api/problem';
import { siteQuery } from '../../api/queries/inventory';
import { ifMatch, isChangedMeanwhile } from '../../api/versions';
import { ChangedMeanwhile } from '../../app/changed-meanwhile';
import { useHeld } from '../../app/held';
import { AppLink } from '../../app/link';
import { NoPermission } from '../../app/no-permission';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button, buttonClass } from '../../ui/button';
import { Panel } from '../../ui/card';
import { TextField } from '../../ui/field';
import { Notice } from '../../ui/notice';
import { TimeZoneField } from './add-site-page';
import { AreasEditor } from './areas-editor';
import { OpeningHoursEditor } from './opening-hours-editor';

export function EditSitePage({ slug }: { slug: string }) {
  const { org, can } = useOrg();
  const site = useQuery({ ...siteQuery(org, slug), refetchInterval: false });
  usePageTitle(t.siteEdit.title(site.data?.name ?? slug));
  return (
    <Loaded query={site}>
      {(data) => (
        <div className="max-w-3xl">
          <Answer
            crumb={
              <nav aria-label={t.nav.trail}>
                <AppLink to={paths.sites({ org })} className="hover:underline">
                  {t.nav.sites}
                </AppLink>
                {' / '}
                <AppLink to={paths.site({ org, site: slug })} className="hover:underline">
                  {data.name}
                </AppLink>
              </nav>
            }
          >
            {t.siteEdit.title(data.name)}
          </Answer>
          <div className="mt-6 grid gap-4">
            {can('inventory:write') ? (
              <>
                <HeldSiteForm site={data} />
                <AreasEditor site={data.slug} />
              </>
            ) : (
              <NoPermission />
            )}
          </div>
        </div>
      )}
    </Loaded>
  );
}

function useSaveSite({ slug, version }: Site, onSaved: () => void) {
  const { org } = useOrg();
  const say = useToast();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: SiteUpdate) =>
      answered<Site>(
        api.PUT('/api/v1/{org}/sites/{site}', {
          params: { path: { org, site: slug } },
          headers: ifMatch({ version }),
          body,
        }),
      ),
    onSuccess: (site) => {
      queryClient.setQueryData(siteQuery(org, slug).queryKey, site);
      onSaved();
      for (const resource of ['sites', 'overview', 'states'] as const)
        void queryClient.invalidateQueries({ queryKey: keys.of(org, resource) });
      say({ tone: 'ok', text: t.siteEdit.saved(site.name) });
    },
  });
}

function HeldSiteForm({ site }: { site: Site }) {
  const { base, hold, release } = useHeld(site);
  return <SiteForm key={base.version} site={base} onHold={hold} onRelease={release} />;
}

interface SiteFormProps {
  site: Site;
  onHold: () => void;
  onRelease: () => void;
}

function SiteForm({ site, onHold, onRelease }: SiteFormProps) {
  const { org } = useOrg();
  const queryClient = useQueryClient();
  const [name, setName] = useState(site.name);
  const [timezone, setTimezone] = useState(site.timezone);
  const [hours, setHours] = useState<OpeningHours | null>(site.opening_hours);
  const save = useSaveSite(site, onRelease);
  const errors = fieldMessages(save.error);
  const reload = async (): Promise<void> => {
    await queryClient.refetchQueries({ queryKey: siteQuery(org, site.slug).queryKey });
    onRelease();
    save.reset();
  };
  const changed =
    name !== site.name ||
    timezone !== site.timezone ||
    JSON.stringify(hours) !== JSON.stringify(site.opening_hours);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!save.isPending) save.mutate({ name: name.trim(), timezone, opening_hours: hours });
  }

  return (
    <form onSubmit={submit} onChange={onHold} className="grid gap-4">
      <Panel title={t.siteEdit.about}>
        <div className="grid gap-4">
          <TextField
            label={t.site.name}
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={errors.name}
          />
          <TimeZoneField value={timezone} onChange={setTimezone} error={errors.timezone} />
        </div>
      </Panel>
      <Panel title={t.siteEdit.hours}>
        <p className="mb-3 text-1 text-ink-3">{t.siteEdit.hoursText(timezone)}</p>
        <OpeningHoursEditor
          value={hours}
          onChange={(value) => {
            onHold();
            setHours(value);
          }}
        />
      </Panel>
      {save.error === null ? null : isChangedMeanwhile(save.error) ? (
        <ChangedMeanwhile onReload={() => void reload()} />
      ) : (
        <Notice tone="attention" role="alert">
          {messageOf(save.error)}
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button variant="primary" type="submit" busy={save.isPending}>
          {t.siteEdit.save}
        </Button>
        <AppLink to={paths.site({ org, site: site.slug })} className={buttonClass('quiet')}>
          {t.action.cancel}
        </AppLink>
        <span role="status" className="text-1 text-ink-3">
          {changed ? t.siteEdit.unsaved : null}
        </span>
      </div>
    </form>
  );
}
