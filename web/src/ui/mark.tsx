import type { ReactNode } from 'react';
import { classes } from './classes';
import { type Tone, toneSoft, toneText } from './tone';

/** One shape per meaning, so that the state is read without its colour. */
function shape(tone: Tone) {
  switch (tone) {
    case 'ok':
      return <circle cx="6" cy="6" r="4" fill="currentColor" />;
    case 'attention':
      return <path d="M6 1.2 11.2 10.6H.8Z" fill="currentColor" />;
    case 'problem':
      return <path d="M6 .6 11.4 6 6 11.4.6 6Z" fill="currentColor" />;
    case 'maintenance':
      return <rect x="1.8" y="1.8" width="8.4" height="8.4" rx="1.6" fill="currentColor" />;
    case 'unknown':
      return <circle cx="6" cy="6" r="3.4" fill="none" stroke="currentColor" strokeWidth="1.8" />;
  }
}

export function Mark({ tone, size = 10 }: { tone: Tone; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 12 12"
      className={classes('shrink-0', toneText[tone])}
    >
      {shape(tone)}
    </svg>
  );
}

/** The shape and the word beside it. */
export function State({
  tone,
  children,
  className,
}: {
  tone: Tone;
  children: ReactNode;
  className?: string;
}) {
  return (
    <span
      className={classes('inline-flex items-center gap-1.5 text-1 font-medium', toneText[tone], className)}
    >
      <Mark tone={tone} />
      {children}
    </span>
  );
}

export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span
      className={classes(
        'inline-flex items-center rounded-1 px-1.5 py-0.5 text-0 font-semibold',
        toneSoft[tone],
      )}
    >
      {children}
    </span>
  );
}
