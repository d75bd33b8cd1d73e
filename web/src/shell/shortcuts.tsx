import { useState } from 'react';
import { useCommand, useCommands } from '../app/commands';
import { useGo } from '../app/link';
import { type NavItem, useNavItems } from '../app/navigation';
import { useNewestToastAction } from '../app/toast';
import { t } from '../messages';
import { Dialog } from '../ui/dialog';
import { PaletteKey } from './palette-key';

/** The keys that work on every page, and the list of all that work here (`?`). */
export function FrameShortcuts() {
  const items = useNavItems();
  const [open, setOpen] = useState(false);
  const undo = useNewestToastAction();
  useCommand({ id: 'undo', label: t.toasts.undoLast, keys: 'z', run: () => undo?.() }, undo !== undefined);
  useCommand({ id: 'help', label: t.shortcuts.help, keys: '?', run: () => setOpen(true) });
  return (
    <>
      {items.map((item) => (
        <GoCommand key={item.to} item={item} />
      ))}
      <PaletteKey />
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t.shortcuts.title}
        closeLabel={t.action.close}
      >
        <CommandList />
      </Dialog>
    </>
  );
}

function GoCommand({ item }: { item: NavItem }) {
  const go = useGo();
  useCommand({ id: `go ${item.to}`, label: item.goLabel, keys: item.keys, run: () => go(item.to) });
  return null;
}

function CommandList() {
  const commands = useCommands();
  return (
    <dl className="grid gap-2">
      {commands
        .filter((command) => command.keys !== undefined)
        .map((command) => (
          <div key={command.id} className="flex items-center justify-between gap-4">
            <dt className="text-ink-2">{command.label}</dt>
            <dd className="flex items-center gap-1.5 text-1 text-ink-3">
              {command.keys?.split(' ').map((key, index) => (
                <span key={key} className="flex items-center gap-1.5">
                  {index === 0 ? null : t.shortcuts.followedBy}
                  <kbd className="min-w-6 rounded-1 border border-line-2 bg-sunken px-1.5 text-center font-mono text-1 text-ink">
                    {key}
                  </kbd>
                </span>
              ))}
            </dd>
          </div>
        ))}
    </dl>
  );
}
