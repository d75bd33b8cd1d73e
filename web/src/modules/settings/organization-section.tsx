import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Site } from '@watchkeeper/contracts/inventory';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered, fieldMessages } from '../../api/problem';
import { sitesQuery } from '../../api/queries/inventory';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useToast } from '../../app/toast';
import { zoneCity } from '../../lib/time-zones';
import { t } from '../../messages';
import { paths } from '../../paths';
import { asideLinkClass, Button, buttonClass } from '../../ui/button';
import { Panel } from '../../ui/card';
import { Facts } from '../../ui/facts';
import { TextField } from '../../ui/field';
import { SkeletonRows } from '../../ui/skeleton';
import { FormError } from './form-error';
import { SectionHead } from './section-head';
import { useWrite } from './use-write';

export function OrganizationSection() {
  const { organization } = useOrg();
  return (
    <>
      <SectionHead section="organization">{t.settings.organization.sentence(organization.name)}</SectionHead>
      <div className="mt-6 grid items-start gap-4 xl:grid-cols-2">
        <NamePanel key={organization.name} />
        <SitesPanel />
      </div>
    </>
  );
}

function NamePanel() {
  const { organization, can } = useOrg();
  return (
    <Panel title={t.settings.sections.organization.label}>
      {can('organization:write') ? (
        <RenameForm />
      ) : (
        <>
          <Facts facts={[{ label: t.settings.name, value: organization.name }]} />
          <p className="mt-2 text-1 text-ink-3">{t.settings.organization.ownersOnly}</p>
        </>
      )}
      <div className="mt-5 border-t border-line pt-4">
        <Facts
          facts={[
            {
              label: t.settings.slug,
              value: <code className="font-mono text-1">{organization.slug}</code>,
            },
            ...(organization.role === null
              ? []
              : [{ label: t.settings.organization.yourRole, value: t.role[organization.role] }]),
          ]}
        />
        <p className="mt-2 text-1 text-ink-3">{t.settings.organization.slugHelp}</p>
      </div>
    </Panel>
  );
}

function RenameForm() {
  const { org, organization } = useOrg();
  const say = useToast();
  const queryClient = useQueryClient();
  const [name, setName] = useState(organization.name);
  const rename = useWrite({
    write: (to: string) =>
      answered(api.PUT('/api/v1/orgs/{org}', { params: { path: { org } }, body: { name: to } })),
    reads: [],
    onDone: (_, to) => {
      void queryClient.invalidateQueries({ queryKey: keys.me() });
      const before = organization.name;
      say({
        tone: 'ok',
        text: t.settings.organization.renamed(to),
        ...(to === before ? {} : { action: { label: t.settings.undo, run: () => rename.mutate(before) } }),
      });
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!rename.isPending) rename.mutate(name.trim());
  }

  return (
    <form onSubmit={submit} className="grid gap-4">
      <TextField
        label={t.settings.organization.rename}
        help={t.settings.organization.nameHelp}
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={fieldMessages(rename.error).name}
      />
      <FormError error={rename.error} fields={['name']} />
      <div>
        <Button type="submit" variant="primary" busy={rename.isPending}>
          {t.settings.save}
        </Button>
      </div>
    </form>
  );
}

function SitesPanel() {
  const { org, can } = useOrg();
  const sites = useQuery(sitesQuery(org));
  return (
    <Panel
      title={t.settings.organization.sites}
      aside={
        can('inventory:write') ? (
          <AppLink to={paths.addSite({ org })} className={asideLinkClass}>
            {t.site.add}
          </AppLink>
        ) : null
      }
    >
      <p className="mb-3 text-1 text-ink-3">{t.settings.organization.sitesText}</p>
      <Loaded query={sites} loading={<SkeletonRows label={t.state.loading} />}>
        {({ data }) => <SiteList sites={data} />}
      </Loaded>
    </Panel>
  );
}

function SiteList({ sites }: { sites: readonly Site[] }) {
  const { org, can } = useOrg();
  if (sites.length === 0) return <p className="text-ink-2">{t.settings.organization.noSites}</p>;
  return (
    <ul className="divide-y divide-line">
      {sites.map((site) => (
        <li key={site.id} className="flex items-center justify-between gap-4 py-2 first:pt-0 last:pb-0">
          <span className="min-w-0">
            <AppLink to={paths.site({ org, site: site.slug })} className="font-medium hover:underline">
              {site.name}
            </AppLink>
            <span className="block text-1 text-ink-3">
              {zoneCity(site.timezone)} · {t.count.devices(site.device_count)}
            </span>
          </span>
          {can('inventory:write') ? (
            <AppLink
              to={`${paths.site({ org, site: site.slug })}/edit`}
              aria-label={t.settings.organization.editSite(site.name)}
              className={buttonClass('quiet')}
            >
              {t.settings.organization.edit}
            </AppLink>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
