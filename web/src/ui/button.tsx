import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes';
import { Spinner } from './spinner';

export type ButtonVariant = 'primary' | 'secondary' | 'quiet';

const base =
  'inline-flex items-center justify-center gap-2 rounded-2 border px-3.5 py-2 text-2 font-medium whitespace-nowrap select-none transition-colors duration-100 min-h-10 max-sm:min-h-11 print:hidden';

const variants: Record<ButtonVariant, string> = {
  primary: 'border-accent bg-accent text-accent-ink hover:border-accent-hover hover:bg-accent-hover',
  secondary: 'border-line-2 bg-raised text-ink hover:bg-sunken',
  quiet: 'border-transparent bg-transparent text-ink-2 hover:bg-sunken hover:text-ink',
};

/** For links that look like buttons. */
export function buttonClass(variant: ButtonVariant = 'secondary', className?: string): string {
  return classes(base, variants[variant], className);
}

/** For a link beside a heading: a thumb hits more than its letters. */
export const asideLinkClass =
  'inline-flex items-center text-1 font-medium text-accent hover:underline max-sm:-my-3 max-sm:min-h-11 print:hidden';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  variant?: ButtonVariant;
  busy?: boolean;
  /** Why it cannot be pressed; shown and announced, so that nobody meets a dead button. */
  disabledReason?: string | undefined;
  /** The key that does the same. */
  shortcut?: string | undefined;
  children: ReactNode;
}

/** Stays focusable while busy or disabled, so that the keyboard does not lose its place. */
export function Button(props: ButtonProps) {
  const {
    variant = 'secondary',
    busy = false,
    disabledReason,
    shortcut,
    className,
    children,
    onClick,
    ...rest
  } = props;
  const inert = busy || disabledReason !== undefined;
  return (
    <button
      type="button"
      {...rest}
      onClick={inert ? (event) => event.preventDefault() : onClick}
      aria-disabled={inert || undefined}
      aria-busy={busy || undefined}
      aria-keyshortcuts={shortcut}
      title={disabledReason}
      className={classes(
        buttonClass(variant, className),
        disabledReason !== undefined && 'cursor-not-allowed opacity-55',
      )}
    >
      {busy ? <Spinner /> : null}
      {children}
      {shortcut === undefined ? null : <Key hideOnPhone>{shortcut}</Key>}
      {disabledReason === undefined ? null : <span className="sr-only">, {disabledReason}</span>}
    </button>
  );
}

export function Key({ children, hideOnPhone = false }: { children: ReactNode; hideOnPhone?: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={classes(
        'font-mono text-[11px] font-medium uppercase opacity-70',
        hideOnPhone && 'pointer-coarse:hidden max-sm:hidden',
      )}
    >
      {children}
    </span>
  );
}
