import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { classes } from '../../ui/classes';
import { clockChange, type DayText, dayAt, onDay, spanOf, weekdayOf } from './days';
import { EntryLink } from './entry-link';
import type { Entry } from './use-calendar';
import type { SiteNames } from './use-site-names';
import { dayName, weekdayName } from './window-words';

export interface ShownProps {
  entries: readonly Entry[];
  timeZone: string;
  names: SiteNames;
  today: DayText;
  days: readonly DayText[];
}

/** A cell that holds more shows these and says how many there are. */
const entriesPerDay = 3;

/** The month as a wall calendar; on a phone the list stands in its place. */
export function MonthGrid(props: ShownProps & { month: string; site: string | undefined }) {
  const weeks = Array.from({ length: props.days.length / 7 }, (_, week) =>
    props.days.slice(week * 7, week * 7 + 7),
  );
  return (
    <div className="overflow-clip rounded-3 border border-line bg-surface shadow-card max-sm:hidden">
      <table className="w-full table-fixed border-collapse">
        <thead>
          <tr>
            {weeks[0]?.map((day) => (
              <th
                key={day}
                scope="col"
                abbr={weekdayName(weekdayOf(day))}
                className="border-b border-line px-2 py-1.5 text-left text-0 font-medium text-ink-3"
              >
                {weekdayName(weekdayOf(day), 'short')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <DayCell key={day} {...props} day={day} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function DayCell(props: ShownProps & { month: string; site: string | undefined; day: DayText }) {
  const { day, month, today, entries, timeZone, names, site } = props;
  const { org, can } = useOrg();
  const here = onDay(entries, day, timeZone);
  const rest = here.length - entriesPerDay;
  const isOutside = !day.startsWith(month);
  const number = (
    <span
      className={classes(
        'inline-grid size-6 place-items-center rounded-full text-1 tabular-nums',
        day === today ? 'bg-accent font-semibold text-accent-ink' : isOutside ? 'text-ink-3' : 'text-ink-2',
      )}
    >
      {Number(day.slice(8))}
    </span>
  );
  return (
    <td
      className={classes(
        'h-28 border-b border-line p-1 align-top not-last:border-r [tr:last-child>&]:border-b-0',
        isOutside && 'bg-bg',
      )}
    >
      <div className="flex items-center justify-between gap-1">
        {can('alerts:operate') ? (
          <AppLink
            to={paths.addMaintenance({ org, day, site })}
            // Forty more stops on the way through the page; the keyboard has the button above.
            tabIndex={-1}
            title={t.maintenance.planOn(dayName(day, 'long'))}
            aria-label={t.maintenance.planOn(dayName(day, 'long'))}
            className="rounded-full hover:ring-2 hover:ring-accent"
          >
            {number}
          </AppLink>
        ) : (
          number
        )}
        <ClockMark day={day} timeZone={timeZone} />
      </div>
      {here.length === 0 ? null : (
        <ul className="mt-1 grid gap-0.5">
          {here.slice(0, entriesPerDay).map((entry) => (
            <li key={`${entry.window_id} ${entry.start_time}`} className="grid min-w-0">
              <EntryLink
                entry={entry}
                timeZone={timeZone}
                names={names}
                isContinued={dayAt(Date.parse(entry.start_time), timeZone) < day}
              />
            </li>
          ))}
          {rest > 0 ? (
            <li>
              <AppLink
                to={paths.maintenance({ org, view: 'week', day, site })}
                className="px-1.5 text-0 text-accent hover:underline"
              >
                {t.maintenance.moreOfDay(rest)}
              </AppLink>
            </li>
          ) : null}
        </ul>
      )}
    </td>
  );
}

/** On the day on which the clocks of the place change. */
export function ClockMark({ day, timeZone }: { day: DayText; timeZone: string }) {
  const { from, to } = spanOf(day, timeZone);
  const change = clockChange(from, to, timeZone);
  if (change === undefined) return null;
  const words = change === 'forward' ? t.maintenance.clocksForward : t.maintenance.clocksBack;
  return (
    <span title={words} className="truncate rounded-1 bg-attention-soft px-1 text-0 text-attention">
      {change === 'forward' ? '+1 h' : '−1 h'}
      <span className="sr-only">{words}</span>
    </span>
  );
}
