import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
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
    // biome-ignore lint/a11y/useKeyWithClickEvents: pressing beside the dialog; the keyboard has Escape
    <dialog
      ref={dialog}
      aria-label={props.label}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) props.onClose();
      }}
      className="mx-auto mt-[max(1rem,12dvh)] mb-auto w-[min(40rem,calc(100vw-1.5rem))] overflow-hidden rounded-3 border border-line-2 bg-raised p-0 text-ink shadow-float open:animate-rise"
    >
      <Box {...props} />
    </dialog>
  );
}

function Box({ groups, text, onText, status, placeholder, resultsLabel }: PaletteProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const options = groups.flatMap((group) => group.options);
  const [wanted, setWanted] = useState<string>();
  // What was walked to stays chosen while results arrive; when it is gone the best one is.
  const found = options.findIndex((option) => option.id === wanted);
  const current = options[Math.max(found, 0)];
  const domId = (option: PaletteOption) => `${id}-${option.id}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the chosen one
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current?.id]);

  function onKeyDown(event: KeyboardEvent): void {
    const at = Math.max(found, 0);
    const last = options.length - 1;
    const to: Record<string, number> = {
      ArrowDown: at === last ? 0 : at + 1,
      ArrowUp: at === 0 ? last : at - 1,
      PageDown: Math.min(at + pageSize, last),
      PageUp: Math.max(at - pageSize, 0),
    };
    const next = to[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setWanted(options[next]?.id);
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      current?.run();
    }
  }

  return (
    <>
      <div className="flex items-center gap-3 border-b border-line px-4 text-ink-3">
        <SearchIcon />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={current === undefined ? undefined : domId(current)}
          aria-label={placeholder}
          placeholder={placeholder}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setWanted(undefined);
            onText(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
          className="min-h-13 min-w-0 flex-1 bg-transparent text-3 text-ink outline-none placeholder:text-ink-3"
        />
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={resultsLabel}
        tabIndex={-1}
        className="max-h-[min(26rem,60dvh)] overflow-y-auto p-2"
      >
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a listbox
          <div key={group.id} role="group" aria-labelledby={`${id}-${group.id}`}>
            <div id={`${id}-${group.id}`} className="px-2.5 pt-2 pb-1 text-0 text-ink-3">
              {group.label}
            </div>
            {group.options.map((option) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the focus and the keys
              // biome-ignore lint/a11y/useFocusableInteractive: chosen by aria-activedescendant
              <div
                key={option.id}
                id={domId(option)}
                role="option"
                aria-selected={option === current}
                onClick={option.run}
                onPointerMove={() => setWanted(option.id)}
                className="flex min-h-10 cursor-pointer items-center gap-2.5 rounded-2 px-2.5 py-1.5 aria-selected:bg-accent-soft"
              >
                <span className="grid w-5 shrink-0 place-items-center text-ink-3">{option.mark}</span>
                <span className="min-w-0 flex-1 truncate">
                  {option.label}
                  {option.note === undefined ? null : (
                    <span className="ml-1 text-1 text-ink-3"> {option.note}</span>
                  )}
                </span>
                {option.keys === undefined ? null : (
                  <kbd className="shrink-0 font-mono text-0 text-ink-3">{option.keys}</kbd>
                )}
              </div>
            ))}
          </div>
        ))}
      </div>
      <p role="status" className={options.length === 0 ? 'px-5 pb-5 text-ink-2' : 'sr-only'}>
        {status}
      </p>
    </>
  );
}

const pageSize = 8;
