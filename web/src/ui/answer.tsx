import type { ReactNode } from 'react';
import { TimeStandsAlone } from './time-hint';

interface AnswerProps {
  /** The one sentence the page opens with. */
  children: ReactNode;
  /** The way back up. */
  crumb?: ReactNode;
  /** Small facts above the sentence. */
  above?: ReactNode;
  sub?: ReactNode;
  actions?: ReactNode;
}

/** The head of every page: answer first, then the facts it rests on. */
export function Answer({ children, crumb, above, sub, actions }: AnswerProps) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-8 gap-y-4">
      <div className="min-w-0 flex-1 basis-96">
        {crumb === undefined ? null : <div className="mb-2 text-1 text-ink-3">{crumb}</div>}
        {above === undefined ? null : (
          <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-1 text-ink-3">
            <TimeStandsAlone value={true}>{above}</TimeStandsAlone>
          </div>
        )}
        <h1 className="text-[22px] leading-tight font-semibold tracking-[-0.015em] text-balance sm:text-5">
          {children}
        </h1>
        {sub === undefined ? null : (
          <div className="mt-2 flex min-h-5 flex-wrap items-center gap-x-4 gap-y-1 text-2 text-ink-2">
            <TimeStandsAlone value={true}>{sub}</TimeStandsAlone>
          </div>
        )}
      </div>
      {actions === undefined ? null : (
        <div className="flex flex-wrap gap-2 max-sm:w-full max-sm:*:flex-1">{actions}</div>
      )}
    </header>
  );
}
