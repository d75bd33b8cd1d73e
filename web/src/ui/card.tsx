import type { ReactNode } from 'react';
import { useId } from 'react';
import { classes } from './classes';

export function Card({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div className={classes('rounded-3 border border-line bg-surface shadow-card', className)}>
      {children}
    </div>
  );
}

interface PanelProps {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A titled card that screen readers can jump to. */
export function Panel({ title, aside, children, className }: PanelProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={classes(
        'rounded-3 border border-line bg-surface p-4 shadow-card sm:px-6 sm:py-5',
        className,
      )}
    >
      <header className="mb-3 flex min-h-6 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 id={id} className="text-1 font-semibold text-ink-2">
          {title}
        </h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

/** A heading over things that are cards themselves. */
export function Section({ title, aside, children, className }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes('mt-8', className)}>
      <header className="mb-3 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-2">
        <h2 id={id} className="text-1 font-semibold text-ink-2">
          {title}
        </h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
