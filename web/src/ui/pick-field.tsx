import { useEffect, useId, useState } from 'react';
import { Button } from './button';
import { TextField } from './field';
import { CloseIcon } from './icons';

export interface PickOption {
  value: string;
  /** What is read and typed; it has to be told apart from all others. */
  label: string;
}

interface PickFieldProps {
  label: string;
  help?: string;
  placeholder?: string;
  error?: string | undefined;
  /** Said when what was typed is none of the options. */
  notFound: string;
  options: readonly PickOption[];
  /** Empty: none is chosen. */
  value: string;
  /** What the chosen one is called where it is not among the options right now. */
  valueLabel?: string | undefined;
  onChange: (value: string) => void;
  /** Asked for as it is typed, so that the options can be looked up. */
  onText?: ((text: string) => void) | undefined;
}

/** One of many, found by typing part of its name. The browser's own suggestions: they need no aid of ours. */
export function PickField(props: PickFieldProps) {
  const { label, help, placeholder, error, notFound, options, value, valueLabel, onChange, onText } = props;
  const listId = useId();
  const chosen = options.find((option) => option.value === value)?.label ?? valueLabel ?? value;
  const [text, setText] = useState<string>();
  // Options that are looked up may arrive after their name was typed.
  useEffect(() => {
    const typed = text === undefined ? undefined : options.find((option) => option.label === text);
    if (typed === undefined) return;
    setText(undefined);
    onChange(typed.value);
  }, [options, text, onChange]);
  const isStray = text !== undefined && text.trim() !== '' && value === '';
  return (
    <>
      <TextField
        label={label}
        {...(help === undefined ? {} : { help })}
        placeholder={placeholder}
        error={error ?? (isStray ? notFound : undefined)}
        list={listId}
        autoComplete="off"
        spellCheck={false}
        value={text ?? chosen}
        onChange={(event) => {
          const next = event.currentTarget.value;
          const match = options.find((option) => option.label === next || option.value === next);
          setText(match === undefined ? next : undefined);
          onText?.(next);
          onChange(match?.value ?? '');
        }}
        onBlur={() => {
          if (text?.trim() === '') setText(undefined);
        }}
      />
      <PickList id={listId} options={options} />
    </>
  );
}

function PickList({ id, options }: { id: string; options: readonly PickOption[] }) {
  return (
    <datalist id={id}>
      {options.map((option) => (
        <option key={option.value} value={option.label} />
      ))}
    </datalist>
  );
}

interface PickManyProps extends Omit<PickFieldProps, 'value' | 'valueLabel' | 'onChange'> {
  values: readonly string[];
  /** What a chosen one is called. */
  nameOf: (value: string) => string;
  removeLabel: (name: string) => string;
  onChange: (values: readonly string[]) => void;
}

/** Several of many: each chosen one stands above the field and can be taken away. */
export function PickMany({ values, nameOf, removeLabel, onChange, ...field }: PickManyProps) {
  // A new field for each choice, so that it is empty again.
  const round = values.length;
  return (
    <div className="grid gap-2">
      <PickField
        key={round}
        {...field}
        options={field.options.filter((option) => !values.includes(option.value))}
        value=""
        onChange={(value) => {
          if (value !== '') onChange([...values, value]);
        }}
      />
      {values.length === 0 ? null : (
        <ul aria-label={field.label} className="flex flex-wrap gap-1.5">
          {values.map((value) => (
            <li
              key={value}
              className="inline-flex items-center rounded-2 border border-line-2 bg-sunken pl-2.5 text-1"
            >
              {nameOf(value)}
              <Button
                variant="quiet"
                aria-label={removeLabel(nameOf(value))}
                onClick={() => onChange(values.filter((each) => each !== value))}
                className="min-h-8 px-2 py-1"
              >
                <CloseIcon size={14} />
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
