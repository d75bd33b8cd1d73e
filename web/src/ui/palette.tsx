import { Autocomplete } from '@base-ui/react/autocomplete';
import { type ReactNode, useEffect, useRef } from 'react';
import { useHeldStill } from './held-still';
import { SearchIcon } from './icons';

export interface PaletteOption {
  id: string;
  label: string;
  /** Where or what it is, behind the label. */
  note?: string | undefined;
  mark?: ReactNode;
  keys?: string | undefined;
  run: () => void;
}

export interface PaletteGroup {
  id: string;
  label: string;
  options: readonly PaletteOption[];
}

interface PaletteProps {
  groups: readonly PaletteGroup[];
  /** The groups are not yet those of the text. */
  pending: boolean;
  text: string;
  onText: (text: string) => void;
  onClose: () => void;
  /** Nothing found, still looking, or how many there are: said to those who cannot see the list. */
  status: string;
  label: string;
  placeholder: string;
  resultsLabel: string;
}

/** A text field over a list: typing narrows it, arrows walk it, Enter runs, Escape leaves. */
export function Palette(props: PaletteProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opened = dialog.current;
    opened?.showModal();
    return () => opened?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      closedby="any"
      aria-label={props.label}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      className="mx-auto mt-[max(1rem,12dvh)] mb-auto w-[min(40rem,calc(100vw-1.5rem))] overflow-hidden rounded-3 border border-line-2 bg-raised p-0 text-ink shadow-float open:animate-rise"
    >
      <Box {...props} />
    </dialog>
  );
}

function Box({ groups, pending, text, onText, status, placeholder, resultsLabel }: PaletteProps) {
  const held = useHeldStill(groups, text, pending);
  const items = held.groups.map((group) => ({ ...group, items: [...group.options] }));
  return (
    <Autocomplete.Root
      inline
      open
      items={items}
      filter={null}
      itemToStringValue={(option: PaletteOption) => option.label}
      autoHighlight="always"
      keepHighlight
      onItemHighlighted={held.onHighlight}
      value={text}
      onValueChange={(next, { reason }) => {
        if (reason === 'input-change') onText(next);
      }}
    >
      <div className="flex items-center gap-3 border-b border-line px-4 text-ink-3">
        <SearchIcon />
        <Autocomplete.Input
          aria-label={placeholder}
          placeholder={placeholder}
          className="min-h-13 min-w-0 flex-1 bg-transparent text-3 text-ink outline-none placeholder:text-ink-3"
        />
      </div>
      <Autocomplete.List aria-label={resultsLabel} className="max-h-[min(26rem,60dvh)] overflow-y-auto p-2">
        {(group: (typeof items)[number]) => (
          <Autocomplete.Group key={group.id} items={group.items}>
            <Autocomplete.GroupLabel className="px-2.5 pt-2 pb-1 text-0 text-ink-3">
              {group.label}
            </Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(option: PaletteOption) => <Option key={option.id} option={option} />}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
      <p role="status" className={items.length === 0 ? 'px-5 pb-5 text-ink-2' : 'sr-only'}>
        {status}
      </p>
    </Autocomplete.Root>
  );
}

function Option({ option }: { option: PaletteOption }) {
  return (
    <Autocomplete.Item
      value={option}
      onClick={option.run}
      className="flex min-h-10 cursor-pointer items-center gap-2.5 rounded-2 px-2.5 py-1.5 data-highlighted:bg-accent-soft"
    >
      <span className="grid w-5 shrink-0 place-items-center text-ink-3">{option.mark}</span>
      <span className="min-w-0 flex-1 truncate">
        {option.label}
        {option.note === undefined ? null : <span className="ml-1 text-1 text-ink-3"> {option.note}</span>}
      </span>
      {option.keys === undefined ? null : (
        <kbd className="shrink-0 font-mono text-0 text-ink-3">{option.keys}</kbd>
      )}
    </Autocomplete.Item>
  );
}
