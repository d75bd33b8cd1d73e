import type { ReactNode } from 'react';
import { classes } from './classes';
import { Mark } from './mark';
import type { Tone } from './tone';

const edge: Record<Tone, string> = {
  ok: 'border-l-ok',
  attention: 'border-l-attention',
  problem: 'border-l-problem',
  maintenance: 'border-l-maintenance',
  unknown: 'border-l-unknown',
};

interface NoticeProps {
  tone: Tone;
  title?: string;
  children?: ReactNode;
  action?: ReactNode;
  /** `alert` interrupts a screen reader, `status` waits for a pause. */
  role?: 'alert' | 'status';
  className?: string;
}

export function Notice({ tone, title, children, action, role, className }: NoticeProps) {
  return (
    <div
      role={role}
      className={classes(
        'flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-2 border border-l-[3px] border-line bg-surface px-4 py-3',
        edge[tone],
        className,
      )}
    >
      <div className="flex min-w-0 flex-1 basis-60 items-start gap-2.5">
        <span className="mt-1.5">
          <Mark tone={tone} />
        </span>
        <div className="min-w-0 text-2">
          {title === undefined ? null : <p className="font-semibold">{title}</p>}
          {children === undefined ? null : <div className="text-ink-2">{children}</div>}
        </div>
      </div>
      {action}
    </div>
  );
}
