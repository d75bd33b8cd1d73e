import { useQuery } from '@tanstack/react-query';
import type { Source, SourceObject } from '@watchkeeper/contracts/sources';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { useGo } from '../../app/link';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { paths, type SourceSearch } from '../../paths';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { Empty } from '../../ui/empty';
import { Choice, TextField } from '../../ui/field';
import { SkeletonRows } from '../../ui/skeleton';
import { filterFrom, groupObjects, objectFilters, type SuggestedObject } from './group-objects';
import { useLinks } from './link-actions';
import { LinkDialog } from './link-dialog';
import { ObjectRow } from './object-row';
import { type Listed, objectListMax, objectsQuery } from './queries';

/** Rows of a group before somebody asks for more. */
const rowsFirst = 10;
const rowsMore = 100;

/** What a source knows: first what can be confirmed, then what nothing looks like, then what is linked. */
export function ObjectsPanel({ source, search }: { source: Source; search: SourceSearch }) {
  const { org } = useOrg();
  const go = useGo();
  const [text, setText] = useState(search.q ?? '');
  const q = useDeferredValue(search.q);
  const objects = useQuery({
    ...objectsQuery(org, source.slug, q),
    placeholderData: (before: Listed<SourceObject> | undefined) => before,
  });
  const change = (next: SourceSearch): void =>
    go(paths.source({ org, source: source.slug, ...search, ...next }), { replace: true });
  return (
    <Panel title={t.sources.objects} className="min-w-0">
      <p className="text-2 text-ink-2">{t.sources.objectsLead}</p>
      <search className="mt-4 grid items-center gap-3 sm:grid-cols-[minmax(0,1fr)_auto]">
        <TextField
          label={t.sources.search}
          hideLabel
          type="search"
          maxLength={100}
          placeholder={t.sources.searchPlaceholder}
          value={text}
          onChange={({ currentTarget: { value } }) => {
            setText(value);
            change({ q: value.trim() === '' ? undefined : value.trim() });
          }}
        />
        <Choice
          label={t.sources.show}
          hideLabel
          options={objectFilters.map((value) => ({ value, label: t.sources.shows[value] }))}
          value={filterFrom(search.show)}
          onChange={(show) => change({ show: show === 'all' ? undefined : show })}
        />
      </search>
      <div className="mt-4">
        <Loaded query={objects} loading={<SkeletonRows label={t.state.loading} rows={6} />}>
          {(list) => <Groups source={source} search={search} list={list} />}
        </Loaded>
      </div>
    </Panel>
  );
}

interface GroupsProps {
  source: Source;
  search: SourceSearch;
  list: Listed<SourceObject>;
}

function Groups({ source, search, list }: GroupsProps) {
  const { can } = useOrg();
  const mayWrite = can('inventory:write');
  const links = useLinks(source.slug);
  const [choosing, setChoosing] = useState<SourceObject>();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const groups = groupObjects(list.data, filterFrom(search.show), links.leaving);
  const chosen = groups.suggested.filter(({ ref }) => selected.has(ref));
  const row = (object: SourceObject): ReactNode => (
    <ObjectRow
      key={object.ref}
      object={object}
      mayWrite={mayWrite}
      links={links}
      isSelected={selected.has(object.ref)}
      onSelect={(on) =>
        setSelected((before) =>
          on ? new Set(before).add(object.ref) : new Set([...before].filter((ref) => ref !== object.ref)),
        )
      }
      onChoose={() => setChoosing(object)}
    />
  );
  const isEmpty = groups.suggested.length + groups.open.length + groups.linked.length === 0;
  if (isEmpty) {
    return search.q === undefined && search.show === undefined ? (
      <Empty title={t.sources.noObjects}>{t.sources.noObjectsText}</Empty>
    ) : (
      <Empty title={t.sources.noMatch}>{t.sources.noMatchText}</Empty>
    );
  }
  return (
    <div className="grid gap-6">
      <Group
        title={t.sources.groups.suggested(groups.suggested.length)}
        objects={groups.suggested}
        row={row}
        aside={
          mayWrite ? (
            <Several
              all={groups.suggested}
              chosen={chosen}
              onSelect={setSelected}
              onLink={() => {
                setSelected(new Set());
                void links.link(chosen.map((object) => ({ object, device: object.suggestion.device })));
              }}
            />
          ) : undefined
        }
      />
      <Group title={t.sources.groups.open(groups.open.length)} objects={groups.open} row={row} />
      <Group title={t.sources.groups.linked(groups.linked.length)} objects={groups.linked} row={row} />
      {list.next_cursor === null ? null : (
        <p className="text-1 text-ink-3">{t.sources.capped(objectListMax)}</p>
      )}
      <LinkDialog
        object={choosing}
        onClose={() => setChoosing(undefined)}
        onLink={(object, device) => void links.link([{ object, device }])}
      />
    </div>
  );
}

interface GroupProps {
  title: string;
  objects: readonly SourceObject[];
  row: (object: SourceObject) => ReactNode;
  aside?: ReactNode;
}

function Group({ title, objects, row, aside }: GroupProps) {
  const [shown, setShown] = useState(rowsFirst);
  if (objects.length === 0) return null;
  const rest = objects.length - shown;
  return (
    <section aria-label={title}>
      <header className="mb-2 flex min-h-10 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h3 className="text-1 font-semibold text-ink-2">{title}</h3>
        {aside}
      </header>
      <ul className="rounded-2 border border-line">{objects.slice(0, shown).map(row)}</ul>
      {rest > 0 ? (
        <Button className="mt-2" onClick={() => setShown(shown + rowsMore)}>
          {t.sources.more(Math.min(rest, rowsMore))}
        </Button>
      ) : null}
    </section>
  );
}

interface SeveralProps {
  all: readonly SuggestedObject[];
  chosen: readonly SuggestedObject[];
  onSelect: (refs: ReadonlySet<string>) => void;
  onLink: () => void;
}

/** Confirming many at once, after a look at each line. */
function Several({ all, chosen, onSelect, onLink }: SeveralProps) {
  const areAll = chosen.length === all.length;
  return (
    <div className="flex flex-wrap gap-2">
      <Button
        variant="quiet"
        onClick={() => onSelect(areAll ? new Set() : new Set(all.map(({ ref }) => ref)))}
      >
        {areAll ? t.sources.selectNone : t.sources.selectAll}
      </Button>
      {chosen.length === 0 ? null : (
        <Button variant="primary" onClick={onLink}>
          {t.sources.linkSelected(chosen.length)}
        </Button>
      )}
    </div>
  );
}
