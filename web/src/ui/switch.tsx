import { classes } from './classes';

interface SwitchProps {
  /** For screen readers; `words` is what is seen. */
  label: string;
  words: { on: string; off: string };
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** On or off, taking effect at once. The word stands beside it, so that the state is read without its colour. */
export function Switch({ label, words, checked, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-label={label}
      onClick={() => onChange(!checked)}
      className="inline-flex min-h-11 items-center gap-2 rounded-2 text-1 font-medium text-ink-2 sm:min-h-9"
    >
      <span aria-hidden="true" className="min-w-6 text-right">
        {checked ? words.on : words.off}
      </span>
      <span
        aria-hidden="true"
        className={classes(
          'inline-flex h-5.5 w-9.5 items-center rounded-full border px-0.5 transition-colors duration-100',
          checked ? 'border-accent bg-accent' : 'border-control bg-sunken',
        )}
      >
        <span
          className={classes(
            'size-4 rounded-full transition-transform duration-100',
            checked ? 'translate-x-4 bg-accent-ink' : 'bg-control',
          )}
        />
      </span>
    </button>
  );
}
