import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
import { usePreferences } from '../lib/preferences';
import { createKeyReader, isTyping } from './key-reader';

/** Something the person can do here and now: by key today, by name in whatever lists commands. */
export interface Command {
  id: string;
  label: string;
  /** One key, or two in a row with a space between: `g s`. Without: by its name alone. */
  keys?: string | undefined;
  run: () => void;
}

function hasKeys(command: Command): command is Command & { keys: string } {
  return command.keys !== undefined;
}

interface Registry {
  add(command: Command): () => void;
  list(): readonly Command[];
  subscribe(listener: () => void): () => void;
}

function createRegistry(): Registry {
  const listeners = new Set<() => void>();
  let commands: readonly Command[] = [];
  function set(next: readonly Command[]): void {
    commands = next;
    for (const listener of listeners) listener();
  }
  return {
    add(command) {
      set([...commands, command]);
      return () => set(commands.filter((each) => each !== command));
    },
    list: () => commands,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const CommandContext = createContext<Registry>(createRegistry());

export function CommandProvider({ children }: { children: ReactNode }) {
  const registry = useMemo(createRegistry, []);
  const { shortcuts } = usePreferences();

  useEffect(() => {
    if (!shortcuts) return;
    const read = createKeyReader();
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target))
        return;
      if (document.querySelector('dialog[open], [role="menu"]') !== null) return;
      // The newest wins: a page's own meaning of a key goes before the frame's.
      const command = read(event.key, event.timeStamp, registry.list().filter(hasKeys).toReversed());
      if (command === undefined) return;
      event.preventDefault();
      command.run();
    }
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [registry, shortcuts]);

  return <CommandContext value={registry}>{children}</CommandContext>;
}

/** Offers a command while the component is on the page. `enabled` false takes it away. */
export function useCommand(command: Command, enabled = true): void {
  const registry = useContext(CommandContext);
  const { id, label, keys, run } = command;
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return;
    return registry.add({ id, label, keys, run: () => latest.current() });
  }, [registry, id, label, keys, enabled]);
}

export function useCommands(): readonly Command[] {
  const registry = useContext(CommandContext);
  return useSyncExternalStore(registry.subscribe, registry.list);
}
