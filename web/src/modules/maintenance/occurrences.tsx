import { formatDuration } from '../../lib/time';
import { t } from '../../messages';
import { Mark } from '../../ui/mark';
import type { Spanned } from './days';
import { clockNote, spanWords } from './window-words';

/** When it takes place next, with what the clocks do to it. */
export function Occurrences({
  occurrences,
  timeZone,
}: {
  occurrences: readonly Spanned[];
  timeZone: string;
}) {
  if (occurrences.length === 0) return <p className="text-ink-3">{t.maintenance.upcomingNone}</p>;
  return (
    <section aria-label={t.maintenance.upcoming}>
      <h3 className="mb-1 text-1 font-semibold text-ink-2">{t.maintenance.upcoming}</h3>
      <ol className="text-2 tabular-nums">
        {occurrences.map((each) => {
          const note = clockNote(each, timeZone);
          return (
            <li key={each.start_time} className="border-b border-line py-1.5 last:border-b-0">
              <span className="flex items-baseline justify-between gap-4">
                <time dateTime={each.start_time}>{spanWords(each, timeZone)}</time>
                <span className="shrink-0 text-1 text-ink-3">
                  {formatDuration(Date.parse(each.end_time) - Date.parse(each.start_time))}
                </span>
              </span>
              {note === undefined ? null : (
                <span className="flex items-center gap-1.5 text-1 text-attention">
                  <Mark tone="attention" size={9} />
                  {note}
                </span>
              )}
            </li>
          );
        })}
      </ol>
      <p className="mt-1 text-1 text-ink-3">{t.maintenance.zone(timeZone)}</p>
    </section>
  );
}
