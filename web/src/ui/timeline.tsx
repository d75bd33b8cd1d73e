import type { DeviceStatus } from '@watchkeeper/contracts';
import { classes } from './classes';
import { Mark } from './mark';
import { toneOfDevice } from './tone';

export interface TimelineItem {
  /** Milliseconds. */
  from: number;
  to: number;
  /** null: not recorded. */
  status: DeviceStatus | null;
  /** "Offline from 18:42 to 18:50, 8 min". */
  label: string;
}

interface TimelineProps {
  items: readonly TimelineItem[];
  /** What a screen reader hears instead of the picture; the table beneath has the spans. */
  summary: string;
  /** Words beneath the left and right end. */
  start: string;
  end: string;
  legend: readonly { status: DeviceStatus; label: string }[];
}

const cell = {
  ok: 'bg-ok',
  attention: 'bg-attention',
  problem: 'bg-problem',
  maintenance: 'bg-maintenance',
  unknown: 'bg-line-2',
} as const;

/** States differ in height as well, so that trouble stands out without its colour. */
const height = {
  ok: 'h-5',
  attention: 'h-7',
  problem: 'h-9',
  maintenance: 'h-6',
  unknown: 'h-3',
} as const;

/** A bar of states over time; times that nobody recorded stay empty. */
export function Timeline({ items, summary, start, end, legend }: TimelineProps) {
  return (
    <div>
      <div role="img" aria-label={summary} className="flex h-9 items-end overflow-hidden rounded-1">
        {items.map((item) => {
          const tone = item.status === null ? undefined : toneOfDevice(item.status);
          return (
            <div
              key={item.from}
              title={item.label}
              style={{ flexGrow: Math.max(1, item.to - item.from), flexBasis: 0 }}
              className={classes(
                'min-w-0.5',
                tone === undefined
                  ? 'h-px border-b border-dashed border-line-2'
                  : [cell[tone], height[tone]].join(' '),
              )}
            />
          );
        })}
      </div>
      <div className="mt-1 flex justify-between text-0 text-ink-3 tabular-nums">
        <span>{start}</span>
        <span>{end}</span>
      </div>
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-1 text-ink-2">
        {legend.map(({ status, label }) => (
          <li key={status} className="inline-flex items-center gap-1.5">
            <Mark tone={toneOfDevice(status)} size={9} />
            {label}
          </li>
        ))}
      </ul>
    </div>
  );
}
