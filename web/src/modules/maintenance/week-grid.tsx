import { clockText } from '../../lib/zoned';
import { t } from '../../messages';
import { classes } from '../../ui/classes';
import { type DayText, dayAt, onDay, weekdayOf } from './days';
import { EntryLink } from './entry-link';
import { ClockMark, type ShownProps } from './month-grid';
import type { Entry } from './use-calendar';
import { dayName, weekdayName } from './window-words';

const hourPixels = 30;
const hours = Array.from({ length: 24 }, (_, hour) => hour);
const minutesOfDay = 1_440;
/** Lower than this an entry cannot be read or hit. */
const entryMinutesMin = 40;
/** From here on there is room for a second line. */
const tallMinutesMin = 70;
/** Side by side at most; more lie over each other. */
const lanesMax = 3;

/** The week by the hour; on a phone the list stands in its place. */
export function WeekGrid({ entries, timeZone, names, today, days }: ShownProps) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={t.maintenance.views.week}
      className="overflow-x-auto rounded-3 border border-line bg-surface shadow-card max-sm:hidden"
    >
      <div className="grid min-w-[44rem] grid-cols-[3rem_repeat(7,minmax(0,1fr))]">
        <div className="border-b border-line" />
        {days.map((day) => (
          <div
            key={day}
            className={classes(
              'flex items-center justify-between gap-1 border-b border-l border-line px-2 py-1.5 text-1',
              day === today ? 'font-semibold text-ink' : 'text-ink-2',
            )}
          >
            <span className="truncate">
              {weekdayName(weekdayOf(day), 'short')} {dayName(day)}
            </span>
            <ClockMark day={day} timeZone={timeZone} />
          </div>
        ))}
        <div aria-hidden="true" className="relative" style={{ height: 24 * hourPixels }}>
          {hours.slice(1).map((hour) => (
            <span
              key={hour}
              className="absolute right-1.5 -translate-y-1/2 text-0 text-ink-3 tabular-nums"
              style={{ top: hour * hourPixels }}
            >
              {`${String(hour).padStart(2, '0')}:00`}
            </span>
          ))}
        </div>
        {days.map((day) => (
          <DayColumn key={day} day={day} entries={entries} timeZone={timeZone} names={names} />
        ))}
      </div>
    </section>
  );
}

/** Minutes since midnight by the clock on the wall; what began before or ends after the day is cut. */
function minuteOf(at: string, day: DayText, timeZone: string): number {
  const text = clockText(Date.parse(at), timeZone);
  if (text.slice(0, 10) < day) return 0;
  if (text.slice(0, 10) > day) return minutesOfDay;
  return Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16));
}

interface Placed {
  entry: Entry;
  from: number;
  to: number;
  lane: number;
}

/** Entries that meet stand side by side. */
function place(entries: readonly Entry[], day: DayText, timeZone: string): Placed[] {
  const ends: number[] = [];
  return entries.map((entry) => {
    const from = minuteOf(entry.start_time, day, timeZone);
    const to = Math.max(minuteOf(entry.end_time, day, timeZone), from + entryMinutesMin);
    const free = ends.findIndex((end) => end <= from);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = to;
    return { entry, from, to, lane: lane % lanesMax };
  });
}

function DayColumn({ day, entries, timeZone, names }: Omit<ShownProps, 'days' | 'today'> & { day: DayText }) {
  const placed = place(onDay(entries, day, timeZone), day, timeZone);
  const lanes = Math.max(1, ...placed.map(({ lane }) => lane + 1));
  return (
    <ul
      aria-label={dayName(day, 'long')}
      className="relative border-l border-line"
      style={{ height: 24 * hourPixels }}
    >
      {hours.slice(1).map((hour) => (
        <li
          key={hour}
          aria-hidden="true"
          className="absolute inset-x-0 border-t border-line"
          style={{ top: hour * hourPixels }}
        />
      ))}
      {placed.map(({ entry, from, to, lane }) => (
        <li
          key={`${entry.window_id} ${entry.start_time}`}
          className="absolute grid px-0.5"
          style={{
            top: (from / 60) * hourPixels,
            height: ((to - from) / 60) * hourPixels - 2,
            left: `${(lane / lanes) * 100}%`,
            width: `${100 / lanes}%`,
          }}
        >
          <EntryLink
            entry={entry}
            timeZone={timeZone}
            names={names}
            isContinued={dayAt(Date.parse(entry.start_time), timeZone) < day}
            isTall={to - from >= tallMinutesMin}
            className="h-full"
          />
        </li>
      ))}
    </ul>
  );
}
