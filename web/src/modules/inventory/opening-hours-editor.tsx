import type { Holiday, OpeningHours, OpeningPeriod } from '@watchkeeper/contracts/inventory';
import { useId } from 'react';
import { t } from '../../messages';
import { Button } from '../../ui/button';
import { TextField, Toggle } from '../../ui/field';
import { CloseIcon, PlusIcon } from '../../ui/icons';
import {
  endsNextDay,
  fieldTime,
  holidaysMax,
  holidayWith,
  nextPeriod,
  periodsPerDayMax,
  sameEveryDay,
  usualWeek,
  withDay,
  withHolidays,
} from './hours-draft';
import { weekdays } from './opening';

interface EditorProps {
  /** null: open around the clock. */
  value: OpeningHours | null;
  onChange: (value: OpeningHours | null) => void;
}

/** The week, with breaks and nights, and the days that differ from it. */
export function OpeningHoursEditor({ value, onChange }: EditorProps) {
  return (
    <div className="grid gap-5">
      <Toggle
        label={t.siteEdit.always}
        help={t.siteEdit.alwaysHelp}
        checked={value === null}
        onChange={(always) => onChange(always ? null : usualWeek)}
      />
      {value === null ? null : (
        <>
          <Week hours={value} onChange={onChange} />
          <Holidays
            holidays={value.holidays ?? []}
            onChange={(holidays) => onChange(withHolidays(value, holidays))}
          />
        </>
      )}
    </div>
  );
}

function Week({ hours, onChange }: { hours: OpeningHours; onChange: (hours: OpeningHours) => void }) {
  return (
    <ul className="divide-y divide-line">
      {weekdays.map((day, index) => (
        <li
          key={day}
          className="grid gap-x-4 gap-y-2 py-2.5 sm:grid-cols-[7rem_minmax(0,1fr)_auto] sm:items-start"
        >
          <span className="pt-2.5 text-2 font-medium">{t.weekday[day]}</span>
          <Periods
            name={t.weekday[day]}
            periods={hours[day] ?? []}
            onChange={(periods) => onChange(withDay(hours, day, periods))}
          />
          {index === 0 ? (
            <Button variant="quiet" onClick={() => onChange(sameEveryDay(hours, day))}>
              {t.siteEdit.copyToAll}
            </Button>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

interface PeriodsProps {
  name: string;
  periods: readonly OpeningPeriod[];
  onChange: (periods: readonly OpeningPeriod[]) => void;
}

/** On a phone a tap opens the picker: its sign would take the room of the time. */
const timeClass =
  'min-h-11 max-w-36 min-w-0 flex-1 basis-28 rounded-2 border border-control bg-raised px-2 py-2 text-3 tabular-nums max-sm:[&::-webkit-calendar-picker-indicator]:hidden sm:text-2';

/** Any number of stretches of one day; none is closed. */
function Periods({ name, periods, onChange }: PeriodsProps) {
  const id = useId();
  const set = (index: number, period: OpeningPeriod) => onChange(periods.with(index, period));
  return (
    <div className="grid gap-2">
      {periods.map((period, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: stretches have no identity but their place
        <div key={`${id}-${index}`} className="flex flex-wrap items-center gap-2">
          <input
            type="time"
            required
            aria-label={t.siteEdit.opens(name)}
            value={fieldTime(period.open)}
            onChange={(event) => set(index, { ...period, open: event.currentTarget.value })}
            className={timeClass}
          />
          <span aria-hidden="true">–</span>
          <input
            type="time"
            required
            aria-label={t.siteEdit.closes(name)}
            value={fieldTime(period.close)}
            onChange={(event) => set(index, { ...period, close: event.currentTarget.value })}
            className={timeClass}
          />
          {endsNextDay(period) ? <span className="text-1 text-ink-3">{t.siteEdit.nextDay}</span> : null}
          <Button
            variant="quiet"
            aria-label={t.siteEdit.removePeriod(name)}
            onClick={() => onChange(periods.toSpliced(index, 1))}
            className="px-2.5"
          >
            <CloseIcon size={16} />
          </Button>
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-2">
        {periods.length === 0 ? <span className="text-ink-3">{t.siteEdit.closed}</span> : null}
        {periods.length >= periodsPerDayMax ? null : (
          <Button
            variant="quiet"
            aria-label={`${name}: ${t.siteEdit.addPeriod}`}
            onClick={() => onChange([...periods, nextPeriod(periods)])}
          >
            <PlusIcon size={16} />
            {periods.length === 0 ? t.siteEdit.addPeriod : t.siteEdit.addBreak}
          </Button>
        )}
      </div>
    </div>
  );
}

interface HolidaysProps {
  holidays: readonly Holiday[];
  onChange: (holidays: readonly Holiday[]) => void;
}

function Holidays({ holidays, onChange }: HolidaysProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="grid gap-3">
      <div>
        <h3 id={id} className="text-2 font-semibold">
          {t.siteEdit.holidays}
        </h3>
        <p className="text-1 text-ink-3">{t.siteEdit.holidaysText}</p>
      </div>
      {holidays.map((holiday, index) => (
        <HolidayRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a day that is being typed has no name or date yet
          key={`${id}-${index}`}
          holiday={holiday}
          onChange={(changed) => onChange(holidays.with(index, changed))}
          onRemove={() => onChange(holidays.toSpliced(index, 1))}
        />
      ))}
      {holidays.length >= holidaysMax ? null : (
        <div>
          <Button onClick={() => onChange([...holidays, { date: '', closed: true }])}>
            <PlusIcon size={16} />
            {t.siteEdit.addHoliday}
          </Button>
        </div>
      )}
    </section>
  );
}

interface HolidayRowProps {
  holiday: Holiday;
  onChange: (holiday: Holiday) => void;
  onRemove: () => void;
}

function HolidayRow({ holiday, onChange, onRemove }: HolidayRowProps) {
  const name = holiday.name ?? (holiday.date === '' ? t.siteEdit.aHoliday : holiday.date);
  const periods = holiday.periods ?? [];
  return (
    <div className="grid gap-3 rounded-2 border border-line p-3">
      <div className="grid gap-3 sm:grid-cols-[11rem_minmax(0,1fr)_auto] sm:items-end">
        <TextField
          label={t.siteEdit.holidayDate}
          type="date"
          required
          value={holiday.date}
          onChange={(event) => onChange({ ...holiday, date: event.currentTarget.value })}
        />
        <TextField
          label={t.siteEdit.holidayName}
          maxLength={100}
          value={holiday.name ?? ''}
          onChange={(event) => onChange({ ...holiday, name: event.currentTarget.value })}
        />
        <Button variant="quiet" onClick={onRemove} aria-label={t.siteEdit.removeHoliday(name)}>
          <CloseIcon size={16} />
        </Button>
      </div>
      <Toggle
        label={t.siteEdit.holidayClosed}
        checked={periods.length === 0}
        onChange={(closed) => onChange(holidayWith(holiday, closed ? 'closed' : [nextPeriod([])]))}
      />
      {periods.length === 0 ? null : (
        <Periods
          name={name}
          periods={periods}
          onChange={(changed) => onChange(holidayWith(holiday, changed))}
        />
      )}
    </div>
  );
}
