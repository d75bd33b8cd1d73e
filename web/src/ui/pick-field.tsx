import { useEffect, useState } from 'react';
import { Finder, type FinderProps, type PickOption } from './finder';
import { CloseIcon } from './icons';

export type { PickOption } from './finder';

interface PickFieldProps extends FinderProps {
  /** Said when what was typed is none of the options. */
  notFound: string;
  /** The id of an option. Empty: none is chosen. */
  value: string;
  /** What the chosen one is called where it is not among the options right now. */
  valueLabel?: string | undefined;
  onChange: (value: string) => void;
  /** Asked for as it is typed, so that the options can be looked up. */
  onText?: ((text: string) => void) | undefined;
}

/** One of many, found by a part of its name or typed in full. */
export function PickField(props: PickFieldProps) {
  const { notFound, value, valueLabel, onChange, onText, ...finder } = props;
  const { options } = finder;
  const chosen = options.find((option) => option.id === value)?.label ?? valueLabel ?? value;
  const [text, setText] = useState<string>();
  const [round, setRound] = useState(0);
  function take(option: PickOption): void {
    setText(undefined);
    setRound((before) => before + 1);
    onChange(option.id);
  }
  useTyped(options, text, take);
  const isStray = text !== undefined && text.trim() !== '' && value === '';
  return (
    <Finder
      {...finder}
      round={round}
      leftError={isStray ? notFound : undefined}
      text={text ?? chosen}
      onText={(next) => {
        setText(next);
        onText?.(next);
        onChange('');
      }}
      onTake={take}
    />
  );
}

/** Takes the option whose label was typed in full, also when it arrives later. */
function useTyped(
  options: readonly PickOption[],
  text: string | undefined,
  take: (option: PickOption) => void,
): void {
  const typed = options.find((option) => option.label === text);
  useEffect(() => {
    if (typed !== undefined) take(typed);
  });
}

interface PickManyProps extends FinderProps {
  values: readonly string[];
  /** What a chosen one is called. */
  nameOf: (value: string) => string;
  /** Names the list of what is chosen. */
  chosenLabel: string;
  removeLabel: (name: string) => string;
  onChange: (values: readonly string[]) => void;
  notFound?: string | undefined;
  onText?: ((text: string) => void) | undefined;
}

/** Several of many: each chosen one stands above the field and can be taken away. */
export function PickMany(props: PickManyProps) {
  const { values, nameOf, chosenLabel, removeLabel, onChange, notFound, onText, ...finder } = props;
  const [text, setText] = useState('');
  function change(next: string): void {
    setText(next);
    onText?.(next);
  }
  function take({ id }: PickOption): void {
    change('');
    onChange([...values, id]);
  }
  const options = finder.options.filter((option) => !values.includes(option.id));
  // A name that was searched elsewhere may be the beginning of another one.
  useTyped(finder.searched === true ? none : options, text, take);
  return (
    <Finder
      {...finder}
      options={options}
      chosen={
        values.length === 0 ? null : (
          <Chosen {...{ values, nameOf, removeLabel }} label={chosenLabel} onChange={onChange} />
        )
      }
      round={values.length}
      leftError={text.trim() === '' ? undefined : notFound}
      text={text}
      onText={change}
      onTake={take}
      several
    />
  );
}

interface ChosenProps extends Pick<PickManyProps, 'values' | 'nameOf' | 'removeLabel' | 'onChange'> {
  label: string;
}

function Chosen({ values, nameOf, removeLabel, label, onChange }: ChosenProps) {
  return (
    <ul aria-label={label} className="flex flex-wrap gap-1.5">
      {values.map((value) => (
        <li
          key={value}
          className="inline-flex max-w-full items-center rounded-2 border border-line bg-sunken pl-2.5"
        >
          <span className="truncate text-2">{nameOf(value)}</span>
          <button
            type="button"
            aria-label={removeLabel(nameOf(value))}
            onClick={() => onChange(values.filter((each) => each !== value))}
            className="grid size-9 shrink-0 place-items-center rounded-2 text-ink-3 hover:text-ink max-sm:size-11"
          >
            <CloseIcon size={14} />
          </button>
        </li>
      ))}
    </ul>
  );
}

const none: readonly PickOption[] = [];
