import type { ReactNode } from 'react';
import { Mark } from './mark';
import type { Tone } from './tone';

export interface LogEntry {
  id: string;
  time: ReactNode;
  tone: Tone;
  text: ReactNode;
  note?: ReactNode;
}

/** What happened, one line each, newest or oldest first as the caller orders it. */
export function Log({ entries }: { entries: readonly LogEntry[] }) {
  return (
    <ol className="text-2">
      {entries.map((entry) => (
        <li
          key={entry.id}
          className="grid grid-cols-[auto_10px_minmax(0,1fr)] items-baseline gap-x-3 border-b border-line py-2 last:border-b-0"
        >
          <span className="min-w-10 text-ink-3">{entry.time}</span>
          <Mark tone={entry.tone} />
          <div className="flex flex-wrap items-baseline justify-between gap-x-6">
            <div className="min-w-0 max-w-[80ch]">{entry.text}</div>
            {entry.note === undefined ? null : <div className="text-1 text-ink-3">{entry.note}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
