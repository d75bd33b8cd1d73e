import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Area, AreaInput } from '@watchkeeper/contracts/inventory';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { changeOf, showMeanwhile } from '../../api/meanwhile';
import { answered, fieldMessages, messageOf } from '../../api/problem';
import { areasQuery } from '../../api/queries/inventory';
import { ifMatch } from '../../api/versions';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { TextField } from '../../ui/field';
import { MoreIcon } from '../../ui/icons';
import { Menu, MenuItem } from '../../ui/menu';
import { Notice } from '../../ui/notice';
import { SkeletonRows } from '../../ui/skeleton';
import { useSluggedName } from './slugged-name';

/** Add, rename, remove the parts of a floor, and put them in the order in which people walk past them. */
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
                {data.map((area, index) => (
                  <AreaRow key={area.id} site={site} area={area} index={index} all={data} />
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
          headers: ifMatch(area),
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

interface AreaList {
  data: Area[];
  next_cursor: string | null;
}

/** The order is shown at once and rolled back when the server refuses it. */
function useAreaOrder(site: string) {
  const { org } = useOrg();
  const say = useToast();
  const queryClient = useQueryClient();
  const { queryKey } = areasQuery(org, site);
  return useMutation({
    mutationFn: ({ areas }: { areas: readonly Area[]; moved: Area }) =>
      answered(
        api.PUT('/api/v1/{org}/sites/{site}/area-order', {
          params: { path: { org, site } },
          body: { areas: areas.map((area) => area.slug) },
        }),
      ),
    onMutate: ({ areas }) =>
      showMeanwhile(queryClient, [changeOf<AreaList>(queryKey, (list) => ({ ...list, data: [...areas] }))]),
    onSuccess: (_, { areas, moved }, shown) => {
      shown?.keep();
      const place = areas.findIndex((area) => area.id === moved.id) + 1;
      say({ tone: 'ok', text: t.siteEdit.areaMoved(moved.name, place, areas.length) });
    },
    onError: (error, _, shown) => {
      shown?.undo();
      say({ tone: 'problem', text: messageOf(error) });
    },
    onSettled: () => {
      for (const resource of ['areas', 'states'] as const)
        void queryClient.invalidateQueries({ queryKey: keys.of(org, resource) });
    },
  });
}

interface RowProps {
  site: string;
  area: Area;
  index: number;
  all: readonly Area[];
}

function MoveMenu({ site, area, index, all }: RowProps) {
  const order = useAreaOrder(site);
  const last = all.length - 1;
  const rest = all.filter((each) => each.id !== area.id);
  const moveTo = (place: number) =>
    order.mutate({ areas: [...rest.slice(0, place), area, ...rest.slice(place)], moved: area });
  if (last < 1) return null;
  return (
    <span className="relative">
      <Menu
        label={t.siteEdit.areaMore(area.name)}
        triggerClassName="grid size-10 place-items-center rounded-2 text-ink-2 hover:bg-sunken max-sm:size-11"
        trigger={<MoreIcon />}
      >
        {index === 0 ? null : (
          <>
            <MenuItem onSelect={() => moveTo(index - 1)}>{t.siteEdit.areaUp}</MenuItem>
            <MenuItem onSelect={() => moveTo(0)}>{t.siteEdit.areaFirst}</MenuItem>
          </>
        )}
        {index === last ? null : (
          <>
            <MenuItem onSelect={() => moveTo(index + 1)}>{t.siteEdit.areaDown}</MenuItem>
            <MenuItem onSelect={() => moveTo(last)}>{t.siteEdit.areaLast}</MenuItem>
          </>
        )}
      </Menu>
    </span>
  );
}

function AreaRow({ site, area, index, all }: RowProps) {
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
        <MoveMenu site={site} area={area} index={index} all={all} />
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
