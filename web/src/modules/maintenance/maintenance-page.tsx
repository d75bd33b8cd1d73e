import { useQuery } from '@tanstack/react-query';
import type { MaintenanceWindow } from '@watchkeeper/contracts/maintenance';
import { AppLink, useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useNow } from '../../lib/clock';
import { useChosenZone } from '../../lib/preferences';
import { t } from '../../messages';
import { type MaintenanceSearch, paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button, buttonClass } from '../../ui/button';
import { Empty } from '../../ui/empty';
import { Choice, SelectField } from '../../ui/field';
import { ChevronIcon, PlusIcon } from '../../ui/icons';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { Agenda } from './agenda';
import { type CalendarView, calendarViews, type DayText, dayAt, daysOf, isDay, stepOf } from './days';
import { FeedPanel } from './feed-panel';
import { MonthGrid } from './month-grid';
import { windowsQuery } from './queries';
import { RunningMaintenance } from './running-maintenance';
import { useCalendar } from './use-calendar';
import { type SiteNames, useSiteNames } from './use-site-names';
import { WeekGrid } from './week-grid';
import { dayName, monthName, spanWords } from './window-words';

/** All planned work on one calendar. */
export function MaintenancePage({ search }: { search: MaintenanceSearch }) {
  usePageTitle(t.maintenance.title);
  const { org } = useOrg();
  const windows = useQuery(windowsQuery(org));
  return (
    <Loaded query={windows}>
      {({ data }) => (
        <>
          <Head windows={data} />
          <RunningMaintenance />
          <Unreadable windows={data} />
          {data.length === 0 ? (
            <div className="mt-6">
              <Empty title={t.maintenance.empty} action={<PlanLink primary />}>
                {t.maintenance.emptyText}
              </Empty>
            </div>
          ) : null}
          <Calendar search={search} />
          <FeedPanel />
        </>
      )}
    </Loaded>
  );
}

/** Windows that mute nothing because their calendar cannot be read. */
function Unreadable({ windows }: { windows: readonly MaintenanceWindow[] }) {
  const { org } = useOrg();
  const faulty = windows.filter((window) => window.calendar_fault !== null);
  if (faulty.length === 0) return null;
  return (
    <div className="mt-5 grid gap-2">
      {faulty.map((window) => (
        <Notice
          key={window.id}
          tone="attention"
          title={t.maintenance.mutesNothing(window.reason)}
          action={
            <AppLink to={paths.maintenanceWindow({ org, window: window.slug })} className={buttonClass()}>
              {t.action.open}
            </AppLink>
          }
        >
          {t.maintenance.unreadable}
        </Notice>
      ))}
    </div>
  );
}

function PlanLink({ primary = false }: { primary?: boolean }) {
  const { org, can } = useOrg();
  if (!can('alerts:operate')) return null;
  return (
    <AppLink to={paths.addMaintenance({ org })} className={buttonClass(primary ? 'primary' : 'secondary')}>
      <PlusIcon size={16} /> {t.maintenance.plan}
    </AppLink>
  );
}

function Head({ windows }: { windows: readonly MaintenanceWindow[] }) {
  const running = windows.filter((window) => window.status === 'running');
  const next = windows
    .filter((window) => window.status === 'scheduled')
    .toSorted((a, b) => startOf(a) - startOf(b))[0];
  const zone = useChosenZone(next?.timezone);
  return (
    <Answer actions={windows.length === 0 ? undefined : <PlanLink />} sub={t.maintenance.lead}>
      {running.length > 0
        ? t.maintenance.runningNow(running.length)
        : next?.current === null || next?.current === undefined
          ? t.maintenance.nothingPlanned
          : t.maintenance.nextAt(next.reason, spanWords(next.current, zone))}
    </Answer>
  );
}

function startOf({ current }: MaintenanceWindow): number {
  return Date.parse(current?.start_time ?? '');
}

function Calendar({ search }: { search: MaintenanceSearch }) {
  const names = useSiteNames();
  const now = useNow();
  const view = calendarViews.find((each) => each === search.view) ?? 'month';
  const siteZone = search.site === undefined ? undefined : names.zone(search.site);
  const mine = useChosenZone(undefined);
  // The clock of the place that is looked at; of all places, one's own.
  const timeZone = siteZone ?? mine;
  const today = dayAt(now, timeZone);
  const day = isDay(search.day) ? search.day : today;
  const days = daysOf(view, day);
  const { calendar, entries } = useCalendar(days, timeZone, search.site);
  const shown = { entries, timeZone, names, today };
  return (
    <section aria-label={t.maintenance.calendarOf(spanName(view, day, days))} className="mt-6">
      <Toolbar search={search} view={view} day={day} days={days} names={names} />
      <Loaded query={calendar} loading={<Skeleton className="h-96 rounded-3" />}>
        {({ truncated }) => (
          <>
            {view === 'list' ? <Agenda {...shown} days={days} /> : null}
            {view === 'month' ? (
              <MonthGrid {...shown} days={days} month={day.slice(0, 7)} site={search.site} />
            ) : null}
            {view === 'week' ? <WeekGrid {...shown} days={days} /> : null}
            {view === 'list' ? null : (
              <div className="sm:hidden">
                <Agenda
                  {...shown}
                  days={view === 'month' ? days.filter((each) => each.startsWith(day.slice(0, 7))) : days}
                />
              </div>
            )}
            <p className="mt-3 flex flex-wrap gap-x-4 text-1 text-ink-3">
              <span>{t.maintenance.zone(timeZone)}</span>
              {truncated ? <span>{t.maintenance.truncated}</span> : null}
            </p>
          </>
        )}
      </Loaded>
    </section>
  );
}

function spanName(view: CalendarView, day: DayText, days: readonly DayText[]): string {
  if (view === 'month') return monthName(day);
  return `${dayName(days[0] ?? day)} – ${dayName(days.at(-1) ?? day)}`;
}

interface ToolbarProps {
  search: MaintenanceSearch;
  view: CalendarView;
  day: DayText;
  days: readonly DayText[];
  names: SiteNames;
}

function Toolbar({ search, view, day, days, names }: ToolbarProps) {
  const { org } = useOrg();
  const go = useGo();
  const change = (next: MaintenanceSearch): void =>
    go(paths.maintenance({ org, ...search, ...next }), { replace: true });
  const move = (step: 1 | -1): void => change({ day: stepOf(view, day, step) });
  return (
    <div className="mb-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <div className="flex items-center gap-1">
        <Button
          variant="quiet"
          aria-label={t.maintenance.earlier[view]}
          onClick={() => move(-1)}
          className="px-2.5"
        >
          <span className="rotate-90">
            <ChevronIcon />
          </span>
        </Button>
        <Button
          variant="quiet"
          aria-label={t.maintenance.later[view]}
          onClick={() => move(1)}
          className="px-2.5"
        >
          <span className="-rotate-90">
            <ChevronIcon />
          </span>
        </Button>
        <h2 className="min-w-36 text-3 font-semibold first-letter:uppercase" aria-live="polite">
          {spanName(view, day, days)}
        </h2>
        {search.day === undefined ? null : (
          <Button onClick={() => change({ day: undefined })}>{t.maintenance.today}</Button>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <SelectField
          label={t.maintenance.site}
          hideLabel
          value={search.site ?? ''}
          onChange={({ currentTarget: { value } }) => change({ site: value === '' ? undefined : value })}
        >
          <option value="">{t.maintenance.anySite}</option>
          {names.list.map((site) => (
            <option key={site.id} value={site.slug}>
              {site.name}
            </option>
          ))}
        </SelectField>
        <Choice<CalendarView>
          label={t.maintenance.view}
          hideLabel
          options={calendarViews.map((value) => ({ value, label: t.maintenance.views[value] }))}
          value={view}
          onChange={(value) => change({ view: value === 'month' ? undefined : value })}
        />
      </div>
    </div>
  );
}
