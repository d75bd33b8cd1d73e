import { type KeyboardEvent, useId, useState } from 'react';
import { classes } from './classes';
import { CloseIcon } from './icons';

export interface PickerOption {
  id: string;
  label: string;
  /** Where or what it is, behind the label. */
  note?: string | undefined;
}

interface PickerProps {
  label: string;
  help?: string | undefined;
  error?: string | undefined;
  placeholder: string;
  chosen: readonly PickerOption[];
  /** Names the list of what is chosen. */
  chosenLabel: string;
  removeLabel: (name: string) => string;
  text: string;
  onText: (text: string) => void;
  /** What may be added; what is chosen is not among them. */
  options: readonly PickerOption[];
  /** How many there are to choose from, for those who do not see the list, and for all when there are none. */
  status: string;
  onChange: (chosen: readonly PickerOption[]) => void;
}

/** Several of many, found by name: typing narrows the list, arrows walk it, Enter takes, Escape closes it. */
export function Picker(props: PickerProps) {
  const { label, help, error, chosen, onChange } = props;
  const id = useId();
  const described = classes(error !== undefined && `${id}-error`, help !== undefined && `${id}-help`);
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="text-2 font-medium">
        {label}
      </label>
      {chosen.length === 0 ? null : (
        <ul aria-label={props.chosenLabel} className="flex flex-wrap gap-1.5">
          {chosen.map((option) => (
            <li
              key={option.id}
              className="inline-flex max-w-full items-center rounded-2 border border-line bg-sunken pl-2.5"
            >
              <span className="truncate text-2">{option.label}</span>
              <button
                type="button"
                aria-label={props.removeLabel(option.label)}
                onClick={() => onChange(chosen.filter((each) => each.id !== option.id))}
                className="grid size-9 shrink-0 place-items-center rounded-2 text-ink-3 hover:text-ink max-sm:size-11"
              >
                <CloseIcon size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Finder {...props} id={id} describedBy={described === '' ? undefined : described} />
      {error === undefined ? null : (
        <p id={`${id}-error`} className="text-1 font-medium text-problem">
          {error}
        </p>
      )}
      {help === undefined ? null : (
        <p id={`${id}-help`} className="text-1 text-ink-3">
          {help}
        </p>
      )}
    </div>
  );
}

type FinderProps = PickerProps & { id: string; describedBy: string | undefined };

function Finder(props: FinderProps) {
  const { id, chosen, text, onText, options, status, error, onChange } = props;
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const current = Math.min(at, options.length - 1);
  const listed = open && options.length > 0;

  function take(option: PickerOption | undefined): void {
    if (option === undefined) return;
    onChange([...chosen, option]);
    onText('');
    setAt(0);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const last = options.length - 1;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) setOpen(true);
      else if (event.key === 'ArrowDown') setAt(current >= last ? 0 : current + 1);
      else setAt(current <= 0 ? last : current - 1);
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing && listed) {
      // Enter takes what is chosen; it does not send the form.
      event.preventDefault();
      take(options[current]);
    } else if (event.key === 'Escape' && open) {
      // The list closes, not the dialog it may stand in.
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    }
  }

  return (
    <>
      <input
        id={id}
        type="text"
        role="combobox"
        aria-expanded={listed}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={listed ? `${id}-${current}` : undefined}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={props.describedBy}
        placeholder={props.placeholder}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={text}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onChange={(event) => {
          onText(event.currentTarget.value);
          setAt(0);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
        className="block min-h-11 w-full rounded-2 border border-control bg-raised px-3 py-2 text-3 text-ink placeholder:text-ink-3 aria-invalid:border-problem sm:text-2"
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={props.label}
        tabIndex={-1}
        hidden={!listed}
        className="max-h-56 overflow-y-auto rounded-2 border border-line-2 bg-raised p-1"
      >
        {options.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the focus and the keys
          // biome-ignore lint/a11y/useFocusableInteractive: chosen by aria-activedescendant
          <div
            key={option.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === current}
            // The field keeps the focus, else the list would be gone before the press ends.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => take(option)}
            className="flex min-h-9 cursor-pointer items-baseline gap-2 rounded-[6px] px-2.5 py-1.5 hover:bg-sunken aria-selected:bg-accent-soft max-sm:min-h-11"
          >
            <span className="min-w-0 truncate">{option.label}</span>
            {option.note === undefined ? null : (
              <span className="min-w-0 truncate text-1 text-ink-3">{option.note}</span>
            )}
          </div>
        ))}
      </div>
      <p role="status" className={open && options.length === 0 ? 'text-1 text-ink-2' : 'sr-only'}>
        {open ? status : ''}
      </p>
    </>
  );
}
