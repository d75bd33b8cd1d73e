import { Autocomplete } from '@base-ui/react/autocomplete';
import { type ReactNode, useRef, useState } from 'react';
import { control, Field, type FieldProps } from './field';
import { useHeldStill } from './held-still';

export interface PickOption {
  /** Told apart by it; unique. */
  id: string;
  label: string;
  /** Where or what it is, behind the label. */
  note?: string | undefined;
}

export interface FinderProps extends Pick<FieldProps, 'label' | 'help' | 'error'> {
  placeholder?: string | undefined;
  options: readonly PickOption[];
  /** The options were searched elsewhere: once they are those of the text, none is left out here. */
  searched?: boolean;
  /** The options are not yet those of the text. */
  pending?: boolean | undefined;
  /** How many there are to choose from, for those who do not see the list, and for all when there are none. */
  status: (count: number, pending: boolean) => string;
}

interface Props extends FinderProps {
  /** Stands between the label and the field. */
  chosen?: ReactNode;
  /** Counts the choices: after each the list is a new one. */
  round: number;
  text: string;
  onText: (text: string) => void;
  onTake: (option: PickOption) => void;
  /** The keys go on to the next choice. */
  several?: boolean;
  /** Said of a text that was left in the field. */
  leftError?: string | undefined;
}

/** More are found by typing; beyond it nobody reads a list. */
const shownMax = 100;

/**
 * A text field with the list of what its text finds: typing narrows it, arrows walk it, Enter takes, Escape closes.
 * "Inline" to the library, because its own popup brings a hidden English word; so open and closed are told from here.
 */
export function Finder(props: Props) {
  const { label, help, chosen, text, options, searched = false, pending = false, leftError } = props;
  const place = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  // What was typed since the list opened: the name of an earlier choice narrows nothing.
  const [query, setQuery] = useState('');
  const { contains } = Autocomplete.useFilter();
  const held = useHeldStill([{ id: '', options }], `${props.round} ${open} ${query}`, pending);
  const found = held.groups
    .flatMap((group) => group.options)
    .filter((option) => (searched && !pending) || contains(option.label, query))
    .slice(0, shownMax);
  const listed = open && found.length > 0;

  function close(): void {
    setOpen(false);
    setQuery('');
  }

  return (
    <Field label={label} help={help} error={props.error ?? (open ? undefined : leftError)}>
      {(wiring) => (
        <>
          {chosen}
          <Autocomplete.Root
            inline
            open={open}
            onOpenChange={(next) => {
              if (next) setOpen(true);
            }}
            items={listed ? found : none}
            filter={null}
            itemToStringValue={(option: PickOption) => option.label}
            autoHighlight="always"
            keepHighlight
            onItemHighlighted={held.onHighlight}
            value={text}
            onValueChange={(next, { reason }) => {
              if (reason !== 'input-change') return;
              setQuery(next.trim());
              props.onText(next);
              setOpen(true);
            }}
          >
            <div ref={place}>
              <Autocomplete.Input
                {...wiring}
                aria-expanded={listed}
                placeholder={props.placeholder}
                onClick={() => setOpen(true)}
                onBlur={close}
                onKeyDown={(event) => {
                  if (event.key === 'Escape') {
                    event.preventBaseUIHandler();
                    if (!open) return;
                    // The list closes, not the dialog it may stand in.
                    event.preventDefault();
                    event.stopPropagation();
                    close();
                  } else if (!open && /^Arrow(Down|Up)$/.test(event.key)) {
                    event.preventBaseUIHandler();
                    event.preventDefault();
                    setOpen(true);
                  } else if (event.key === 'Enter' && open && pending && !listed) {
                    // Meant for an option that is still on its way, not for the form.
                    event.preventDefault();
                  }
                }}
                className={control}
              />
            </div>
            {/* Beside the field, so that a modal dialog around it does not make the list inert. */}
            <Autocomplete.Portal container={place}>
              <Autocomplete.Positioner anchor={place} positionMethod="fixed" sideOffset={4} className="z-50">
                {listed ? (
                  <Autocomplete.List
                    aria-label={label}
                    // The field keeps the focus, also when the scroll bar is pressed.
                    onMouseDown={(event) => event.preventDefault()}
                    className="max-h-[min(14rem,var(--available-height))] w-(--anchor-width) overflow-y-auto rounded-2 border border-line-2 bg-raised p-1 text-2 text-ink shadow-float"
                  >
                    {(option: PickOption) => (
                      <Autocomplete.Item
                        key={option.id}
                        value={option}
                        onClick={({ detail }) => {
                          const byKey = detail === 0;
                          // After a press the list would cover the next button.
                          if (props.several === true && byKey) setQuery('');
                          else close();
                          props.onTake(option);
                        }}
                        className="flex min-h-9 cursor-pointer items-center rounded-[6px] px-2.5 py-1.5 data-highlighted:bg-accent-soft max-sm:min-h-11"
                      >
                        <span className="min-w-0 truncate">
                          {option.label}
                          {option.note === undefined ? null : (
                            <span className="ml-1 text-1 text-ink-3"> {option.note}</span>
                          )}
                        </span>
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.List>
                ) : null}
              </Autocomplete.Positioner>
            </Autocomplete.Portal>
          </Autocomplete.Root>
          <p role="status" className={open && found.length === 0 ? 'text-1 text-ink-2' : 'sr-only'}>
            {open ? props.status(found.length, pending) : ''}
          </p>
        </>
      )}
    </Field>
  );
}

const none: readonly PickOption[] = [];
