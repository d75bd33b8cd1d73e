import { classes } from './classes';

export interface RunBar {
  id: string;
  /** What is counted in this stretch of time; all 0: nothing happened. */
  ok: number;
  failed: number;
  unable: number;
  /** "14:00 to 14:05: 12 passed, 1 failed". */
  label: string;
}

interface RunBarsProps {
  bars: readonly RunBar[];
  /** What a screen reader hears instead of the picture; the table beneath has the figures. */
  summary: string;
  /** Words beneath the left and right end. */
  start: string;
  end: string;
}

function part(count: number, name: string) {
  return count === 0 ? null : <div className={name} style={{ flexGrow: count, flexBasis: 0 }} />;
}

/** Runs over time, each bar a stretch: what failed hangs from the top, so that it shows without its colour. */
export function RunBars({ bars, summary, start, end }: RunBarsProps) {
  return (
    <div>
      <div role="img" aria-label={summary} className="flex h-12 gap-px overflow-hidden rounded-1 sm:gap-0.5">
        {bars.map((bar) => (
          <div key={bar.id} title={bar.label} className="flex min-w-0 flex-1 flex-col">
            {bar.ok + bar.failed + bar.unable === 0 ? (
              <div className="mt-auto h-px border-b border-dashed border-line-2" />
            ) : (
              <>
                {part(bar.failed, 'min-h-2 bg-problem')}
                {part(bar.unable, 'min-h-2 bg-line-2')}
                {part(bar.ok, classes('bg-ok', bar.failed + bar.unable > 0 && 'opacity-60'))}
              </>
            )}
          </div>
        ))}
      </div>
      <div className="mt-1 flex justify-between text-0 text-ink-3 tabular-nums">
        <span>{start}</span>
        <span>{end}</span>
      </div>
    </div>
  );
}
