import type { ReactNode } from 'react';
import { Mark } from './mark';
import type { Tone } from './tone';

interface EmptyProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  tone?: Tone;
}

/** Nothing to show, said as a sentence, with the next step where there is one. */
export function Empty({ title, children, action, tone }: EmptyProps) {
  return (
    <div className="flex flex-col items-start gap-2 rounded-3 border border-dashed border-line-2 p-5 sm:p-6">
      <p className="flex items-center gap-2 text-3 font-semibold">
        {tone === undefined ? null : <Mark tone={tone} size={12} />}
        {title}
      </p>
      {children === undefined ? null : <div className="max-w-[65ch] text-2 text-ink-2">{children}</div>}
      {action === undefined ? null : <div className="mt-2 flex flex-wrap gap-2">{action}</div>}
    </div>
  );
}
