import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Area, AreaInput } from '@watchkeeper/contracts/inventory';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered, fieldMessages, messageOf } from '../../api/problem';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { TextField } from '../../ui/field';
import { Notice } from '../../ui/notice';
import { SkeletonRows } from '../../ui/skeleton';
import { areasQuery } from './queries';
import { useSluggedName } from './slugged-name';

/** Add, rename and remove the parts of a floor. They stand in the order of their slugs. */
export function AreasEditor({ site }: { site: string }) {
  const { org } = useOrg();
  const areas = useQuery(areasQuery(org, site));
  return (
    <Panel title={t.siteEdit.areas}>
      <p className="mb-3 text-1 text-ink-3">{t.siteEdit.areasText}</p>
      <Loaded query={areas} loading={<SkeletonRows label={t.state.loading} />}>
        {({ data }) => (
          <div className="grid gap-5">
            {data.length === 0 ? (
              <p className="text-ink-2">{t.siteEdit.noAreas}</p>
            ) : (
              <ul className="divide-y divide-line">
                {data.map((area) => (
                  <AreaRow key={area.id} site={site} area={area} />
                ))}
              </ul>
            )}
            <AddArea site={site} />
          </div>
        )}
      </Loaded>
    </Panel>
  );
}

function useAreaActions(site: string) {
  const { org } = useOrg();
  const say = useToast();
  const queryClient = useQueryClient();
  const onSettled = (): void => {
    for (const resource of ['areas', 'sites', 'states', 'devices'] as const)
      void queryClient.invalidateQueries({ queryKey: keys.of(org, resource) });
  };
  const path = (area: string) => ({ params: { path: { org, site, area } } });
  const add = useMutation({
    mutationFn: (body: AreaInput) =>
      answered<Area>(api.POST('/api/v1/{org}/sites/{site}/areas', { params: { path: { org, site } }, body })),
    onSuccess: ({ name }) => say({ tone: 'ok', text: t.siteEdit.areaAdded(name) }),
    onSettled,
  });
  const rename = useMutation({
    mutationFn: ({ area, name }: { area: Area; name: string }) =>
      answered<Area>(
        api.PUT('/api/v1/{org}/sites/{site}/areas/{area}', {
          ...path(area.slug),
          body: { name, kind: area.kind },
        }),
      ),
    onSuccess: ({ name }) => say({ tone: 'ok', text: t.siteEdit.saved(name) }),
    onError: (error) => say({ tone: 'problem', text: messageOf(error) }),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: (area: Area) =>
      answered(api.DELETE('/api/v1/{org}/sites/{site}/areas/{area}', path(area.slug))),
    onSuccess: (_, { name }) => say({ tone: 'ok', text: t.siteEdit.areaRemoved(name) }),
    onError: (error) => say({ tone: 'problem', text: messageOf(error) }),
    onSettled,
  });
  return { add, rename, remove };
}

function AreaRow({ site, area }: { site: string; area: Area }) {
  const [name, setName] = useState(area.name);
  const { rename, remove } = useAreaActions(site);
  const changed = name.trim() !== '' && name.trim() !== area.name;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (changed && !rename.isPending) rename.mutate({ area, name: name.trim() });
  }

  return (
    <li className="py-2.5">
      <form onSubmit={submit} className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-44 flex-1">
          <TextField
            label={t.siteEdit.renameArea(area.name)}
            hideLabel
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </div>
        <span className="min-w-20 text-1 text-ink-3">{t.count.devices(area.device_count)}</span>
        {changed ? (
          <Button type="submit" busy={rename.isPending}>
            {t.siteEdit.rename}
          </Button>
        ) : null}
        <Button
          variant="quiet"
          busy={remove.isPending}
          aria-label={t.siteEdit.removeArea(area.name)}
          onClick={() => remove.mutate(area)}
        >
          {t.siteEdit.remove}
        </Button>
      </form>
    </li>
  );
}

function AddArea({ site }: { site: string }) {
  const { name, setName, slug, setSlug } = useSluggedName();
  const [kind, setKind] = useState('');
  const { add } = useAreaActions(site);
  const errors = fieldMessages(add.error);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (add.isPending) return;
    const body = { slug, name: name.trim(), ...(kind.trim() === '' ? {} : { kind: kind.trim() }) };
    add.mutate(body, {
      onSuccess: () => {
        setName('');
        setSlug('');
        setKind('');
      },
    });
  }

  return (
    <form onSubmit={submit} className="grid gap-3 sm:grid-cols-3 sm:items-start">
      <TextField
        label={t.siteEdit.areaName}
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={errors.name}
      />
      <TextField
        label={t.siteEdit.areaSlug}
        required
        maxLength={128}
        autoCapitalize="none"
        spellCheck={false}
        value={slug}
        onChange={(event) => setSlug(event.currentTarget.value)}
        error={errors.slug}
      />
      <TextField
        label={t.siteEdit.areaKind}
        placeholder={t.siteEdit.areaKindPlaceholder}
        maxLength={50}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value)}
        error={errors.kind}
      />
      {add.error !== null && Object.keys(errors).length === 0 ? (
        <div className="sm:col-span-3">
          <Notice tone="attention" role="alert">
            {messageOf(add.error)}
          </Notice>
        </div>
      ) : null}
      <div>
        <Button type="submit" busy={add.isPending}>
          {t.siteEdit.addArea}
        </Button>
      </div>
    </form>
  );
}
