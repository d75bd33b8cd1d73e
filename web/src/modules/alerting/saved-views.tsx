import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { SavedView } from '@watchkeeper/contracts/alerting';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered, messageOf } from '../../api/problem';
import { useOrg } from '../../app/session';
import { useToast } from '../../app/toast';
import { useUndo } from '../../app/undo';
import { t } from '../../messages';
import { Button, buttonClass } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { ChevronIcon } from '../../ui/icons';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../../ui/menu';
import { type AlertFilter, filterOfView, isSameFilter, viewOf } from './inbox-filter';
import { viewNameLengthMax } from './limits';
import { viewsQuery } from './queries';

interface SavedViewsProps {
  filter: AlertFilter;
  onFilter: (filter: AlertFilter) => void;
}

/** Filters under a name of one's own. What is shown stands in the address, so that any view can be passed on. */
export function SavedViews({ filter, onFilter }: SavedViewsProps) {
  const { org } = useOrg();
  const views = useQuery(viewsQuery(org)).data?.data ?? [];
  const [naming, setNaming] = useState(false);
  const { remove } = useViewWrites();
  const say = useToast();
  const current = views.find((view) => isSameFilter(filterOfView(view.filter), filter));
  return (
    <>
      <Menu
        label={t.view.label}
        triggerClassName={buttonClass('secondary')}
        trigger={
          <>
            <span className="max-w-40 truncate">{current?.name ?? t.view.label}</span>
            <ChevronIcon size={16} />
          </>
        }
      >
        <MenuLabel>{views.length === 0 ? t.view.none : t.view.yours}</MenuLabel>
        {views.map((view) => (
          <MenuItem key={view.name} onSelect={() => onFilter(filterOfView(view.filter))}>
            {view.name}
          </MenuItem>
        ))}
        <MenuLine />
        {current === undefined ? (
          <MenuItem onSelect={() => setNaming(true)}>{t.view.save}</MenuItem>
        ) : (
          <MenuItem onSelect={() => void remove(current)}>{t.view.remove(current.name)}</MenuItem>
        )}
        <MenuItem
          onSelect={() =>
            void navigator.clipboard.writeText(location.href).then(
              () => say({ tone: 'ok', text: t.view.linkCopied }),
              () => say({ tone: 'problem', text: t.action.copyFailed }),
            )
          }
        >
          {t.view.copyLink}
        </MenuItem>
      </Menu>
      <Dialog
        open={naming}
        onClose={() => setNaming(false)}
        title={t.view.saveTitle}
        closeLabel={t.action.close}
      >
        {naming ? <NameForm filter={filter} onDone={() => setNaming(false)} /> : null}
      </Dialog>
    </>
  );
}

function useViewWrites() {
  const { org } = useOrg();
  const queryClient = useQueryClient();
  const say = useToast();
  const offerUndo = useUndo();
  const readAgain = () => queryClient.invalidateQueries({ queryKey: keys.of(org, 'views') });
  const save = async (name: string, filter: AlertFilter): Promise<void> => {
    await answered(
      api.PUT('/api/v1/{org}/views/{name}', {
        params: { path: { org, name } },
        body: { filter: viewOf(filter) },
      }),
    );
    await readAgain();
  };
  const remove = async (view: SavedView): Promise<void> => {
    try {
      await answered(
        api.DELETE('/api/v1/{org}/views/{name}', { params: { path: { org, name: view.name } } }),
      );
      await readAgain();
      offerUndo({
        text: t.view.removed(view.name),
        undo: () => save(view.name, filterOfView(view.filter)),
      });
    } catch (error) {
      say({ tone: 'problem', text: `${t.view.removeFailed} ${messageOf(error)}` });
    }
  };
  return { save, remove };
}

function NameForm({ filter, onDone }: { filter: AlertFilter; onDone: () => void }) {
  const { save } = useViewWrites();
  const say = useToast();
  const [name, setName] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const text = name.trim();
    if (text === '') return setError(t.view.nameMissing);
    setBusy(true);
    try {
      await save(text, filter);
      say({ tone: 'ok', text: t.view.saved(text) });
      onDone();
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
      <TextField
        label={t.view.name}
        help={t.view.nameHelp}
        error={error}
        value={name}
        maxLength={viewNameLengthMax}
        required
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onDone}>{t.action.cancel}</Button>
        <Button variant="primary" type="submit" busy={busy}>
          {t.view.submit}
        </Button>
      </div>
    </form>
  );
}
