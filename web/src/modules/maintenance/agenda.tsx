import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Badge, Mark } from '../../ui/mark';
import { dayAt, onDay } from './days';
import { ClockMark, type ShownProps } from './month-grid';
import { placeWords } from './place-words';
import type { Entry } from './use-calendar';
import type { SiteNames } from './use-site-names';
import { clockNote, dayName, spanWords, systemsWords } from './window-words';

/** Day by day, without empty days: the view for a phone, and the quickest to read. */
export function Agenda({ entries, timeZone, names, today, days }: ShownProps) {
  const filled = days
    .map((day) => ({
      day,
      // On the day on which it begins; what began before the first day stands on that one.
      here: onDay(entries, day, timeZone).filter(
        (entry) => day === days[0] || dayAt(Date.parse(entry.start_time), timeZone) === day,
      ),
    }))
    .filter(({ here }) => here.length > 0);
  if (filled.length === 0)
    return (
      <p className="rounded-3 border border-dashed border-line-2 p-5 text-ink-2">
        {t.maintenance.noneInSpan}
      </p>
    );
  return (
    <ol className="grid gap-4">
      {filled.map(({ day, here }) => (
        <li key={day}>
          <h3 className="mb-1.5 flex items-center gap-2 text-1 font-semibold text-ink-2">
            {dayName(day, 'long')}
            {day === today ? <span className="font-normal text-accent">{t.maintenance.today}</span> : null}
            <ClockMark day={day} timeZone={timeZone} />
          </h3>
          <ul className="overflow-hidden rounded-3 border border-line bg-surface shadow-card">
            {here.map((entry) => (
              <AgendaRow
                key={entry.window_id + entry.start_time}
                entry={entry}
                timeZone={timeZone}
                names={names}
              />
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}

function AgendaRow({ entry, timeZone, names }: { entry: Entry; timeZone: string; names: SiteNames }) {
  const { org } = useOrg();
  const systems = entry.systems === undefined ? [] : [systemsWords({ systems: [...entry.systems] })];
  const note = clockNote(entry, timeZone);
  return (
    <li className="relative grid grid-cols-[10px_minmax(0,1fr)] items-baseline gap-x-3 border-b border-line px-4 py-3 last:border-b-0 hover:bg-sunken">
      <Mark tone="maintenance" />
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <AppLink
            to={paths.maintenanceWindow({ org, window: entry.slug })}
            className="font-medium after:absolute after:inset-0"
          >
            {entry.reason}
          </AppLink>
          {entry.isRunning ? <Badge tone="maintenance">{t.maintenance.status.running}</Badge> : null}
          {entry.recurs ? <span className="text-1 text-ink-3">{t.maintenance.recurs}</span> : null}
        </p>
        <p className="text-1 text-ink-2">
          {spanWords(entry, timeZone)} · {[placeWords(entry.location, names), ...systems].join(', ')}
        </p>
        {entry.overlaps.length === 0 ? null : (
          <p className="flex items-center gap-1.5 text-1 text-attention">
            <Mark tone="attention" size={9} />
            {t.maintenance.overlapWith(entry.overlaps.join(', '))}
          </p>
        )}
        {note === undefined ? null : <p className="text-1 text-ink-3">{note}</p>}
      </div>
    </li>
  );
}
