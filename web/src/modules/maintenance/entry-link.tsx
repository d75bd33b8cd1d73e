import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { formatClock } from '../../lib/time';
import { t } from '../../messages';
import { paths } from '../../paths';
import { classes } from '../../ui/classes';
import { Mark } from '../../ui/mark';
import { placeWords } from './place-words';
import type { Entry } from './use-calendar';
import type { SiteNames } from './use-site-names';
import { spanWords } from './window-words';

interface EntryLinkProps {
  entry: Entry;
  timeZone: string;
  names: SiteNames;
  /** It began on an earlier day. */
  isContinued: boolean;
  className?: string | undefined;
  /** With the place on a line of its own. */
  isTall?: boolean;
}

/** One occurrence in a calendar's cell. Its whole span, place and overlaps are in the title. */
export function EntryLink({
  entry,
  timeZone,
  names,
  isContinued,
  className,
  isTall = false,
}: EntryLinkProps) {
  const { org } = useOrg();
  const place = placeWords(entry.location, names);
  const notes = [
    `${spanWords(entry, timeZone)}: ${entry.reason}, ${place}`,
    ...(entry.overlaps.length === 0 ? [] : [t.maintenance.overlapWith(entry.overlaps.join(', '))]),
  ];
  return (
    <AppLink
      to={paths.maintenanceWindow({ org, window: entry.slug })}
      title={notes.join('. ')}
      className={classes(
        'flex min-w-0 flex-col overflow-hidden rounded-1 border-l-[3px] bg-maintenance-soft px-1.5 py-0.5 text-0 leading-snug text-ink hover:bg-sunken',
        entry.overlaps.length > 0 ? 'border-l-attention' : 'border-l-maintenance',
        className,
      )}
    >
      <span className="flex min-w-0 items-center gap-1">
        {entry.overlaps.length === 0 ? null : <Mark tone="attention" size={9} />}
        <span className="shrink-0 text-ink-2 tabular-nums">
          {isContinued
            ? t.maintenance.goesOn
            : formatClock(Date.parse(entry.start_time), t.language, { timeZone })}
        </span>
        <span className={classes('truncate', entry.isRunning && 'font-semibold')}>{entry.reason}</span>
      </span>
      {isTall ? <span className="truncate text-ink-2">{place}</span> : null}
      {entry.overlaps.length === 0 ? null : <span className="sr-only">, {t.maintenance.overlap}</span>}
    </AppLink>
  );
}
