import type { ComponentProps, ReactNode } from 'react';
import { useId } from 'react';
import { classes } from './classes';

/** How a control looks in which something is typed or chosen. */
export const control =
  'block w-full min-h-11 rounded-2 border border-control bg-raised px-3 py-2 text-3 sm:text-2 text-ink placeholder:text-ink-3 aria-invalid:border-problem';

export interface FieldProps {
  label: string;
  help?: ReactNode;
  error?: string | undefined;
  /** For a control whose meaning its place already tells; still there for screen readers. */
  hideLabel?: boolean;
  /** Beside the label, e.g. a switch that shows the password. */
  aside?: ReactNode;
}

interface Wiring {
  id: string;
  'aria-invalid': true | undefined;
  'aria-describedby': string | undefined;
}

/** A control with its label, its help and what is wrong with it, all wired for screen readers. */
export function Field({
  label,
  help,
  error,
  aside,
  hideLabel = false,
  children,
}: FieldProps & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const helpId = `${id}-help`;
  const errorId = `${id}-error`;
  const described = classes(error !== undefined && errorId, help !== undefined && helpId);
  return (
    <div className="grid content-start gap-1.5">
      <div className={hideLabel ? 'sr-only' : 'flex items-baseline justify-between gap-4'}>
        <label htmlFor={id} className="text-2 font-medium">
          {label}
        </label>
        {aside}
      </div>
      {children({
        id,
        'aria-invalid': error === undefined ? undefined : true,
        'aria-describedby': described === '' ? undefined : described,
      })}
      {error === undefined ? null : (
        <p id={errorId} className="text-1 font-medium text-problem">
          {error}
        </p>
      )}
      {help === undefined ? null : (
        <p id={helpId} className="text-1 text-ink-3">
          {help}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps extends FieldProps, Omit<ComponentProps<'input'>, 'id' | 'className'> {
  /** The unit of a figure, inside the control at its end. */
  suffix?: string;
}

export function TextField(props: TextFieldProps) {
  const { label, help, error, aside, suffix, hideLabel = false, ...input } = props;
  return (
    <Field label={label} help={help} error={error} aside={aside} hideLabel={hideLabel}>
      {(wiring) =>
        suffix === undefined ? (
          <input {...input} {...wiring} className={control} />
        ) : (
          <div className="relative">
            <input {...input} {...wiring} className={classes(control, 'pr-16')} />
            <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-1 text-ink-3">
              {suffix}
            </span>
          </div>
        )
      }
    </Field>
  );
}

export function TextArea(props: FieldProps & Omit<ComponentProps<'textarea'>, 'id' | 'className'>) {
  const { label, help, error, aside, ...input } = props;
  return (
    <Field label={label} help={help} error={error} aside={aside}>
      {(wiring) => <textarea rows={3} {...input} {...wiring} className={control} />}
    </Field>
  );
}

/** The browser's own list: it is searchable, works with every aid, and is at its best on a phone. */
export function SelectField(props: FieldProps & Omit<ComponentProps<'select'>, 'id' | 'className'>) {
  const { label, help, error, aside, hideLabel = false, ...select } = props;
  return (
    <Field label={label} help={help} error={error} aside={aside} hideLabel={hideLabel}>
      {(wiring) => <select {...select} {...wiring} className={control} />}
    </Field>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  options: readonly { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
  hideLabel?: boolean;
}

/** A few choices side by side; radio buttons underneath, so arrow keys and screen readers know them. */
export function Choice<T extends string>({
  label,
  options,
  value,
  onChange,
  hideLabel = false,
}: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className={hideLabel ? 'sr-only' : 'mb-1.5 text-2 font-medium'}>{label}</legend>
      <div className="inline-flex max-w-full flex-wrap gap-0.5 rounded-2 border border-line-2 bg-sunken p-0.5">
        {options.map((option) => (
          <label
            key={option.value}
            className="relative cursor-pointer rounded-[6px] px-3 py-1.5 text-1 font-medium text-ink-2 max-sm:py-2.5 has-checked:bg-picked has-checked:text-ink has-checked:shadow-card has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              className="absolute inset-0 cursor-pointer appearance-none outline-none"
              name={name}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface ToggleProps {
  label: string;
  help?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function Toggle({ label, help, checked, onChange }: ToggleProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-3">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        onChange={(event) => onChange(event.currentTarget.checked)}
        className="mt-0.5 size-4.5 shrink-0 accent-accent"
      />
      <div>
        <label htmlFor={id} className="text-2 font-medium">
          {label}
        </label>
        {help === undefined ? null : (
          <p id={`${id}-help`} className="text-1 text-ink-3">
            {help}
          </p>
        )}
      </div>
    </div>
  );
}
