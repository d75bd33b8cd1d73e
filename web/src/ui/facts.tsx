import type { ReactNode } from 'react';
import { classes } from './classes';
import { TimeStandsAlone } from './time-hint';

export interface Fact {
  label: string;
  value: ReactNode;
}

/** Names and values; a value that is not known says so in words, never as 0. */
export function Facts({ facts, className }: { facts: readonly Fact[]; className?: string }) {
  return (
    <dl className={classes('grid gap-y-2 text-2', className)}>
      {facts.map(({ label, value }) => (
        <div key={label} className="flex items-baseline justify-between gap-4">
          <dt className="max-w-[60%] shrink-0 text-ink-3">{label}</dt>
          <dd className="min-w-0 text-right">
            <TimeStandsAlone value={true}>{value}</TimeStandsAlone>
          </dd>
        </div>
      ))}
    </dl>
  );
}
