import { t } from '../../messages';
import { Choice, SelectField, TextField } from '../../ui/field';
import { weekdayOf } from './days';
import { type Frequency, frequencies, type Recurrence } from './recurrence';
import { weekdayName } from './window-words';

interface RecurrenceFieldsProps {
  value: Recurrence;
  onChange: (value: Recurrence) => void;
  /** The day on which it begins, from which the plain choices are taken. */
  startDay: string;
  errors: Readonly<Record<string, string>>;
}

const weekdays = [1, 2, 3, 4, 5, 6, 7];
const nths = [1, 2, 3, 4, -1];
const daysOfMonth = [...Array.from({ length: 31 }, (_, index) => index + 1), -1];

/** Whether, how often and until when; nobody has to know the notation. */
export function RecurrenceFields({ value, onChange, startDay, errors }: RecurrenceFieldsProps) {
  const set = (change: Partial<Recurrence>): void => onChange({ ...value, ...change });
  return (
    <div className="grid gap-5">
      <SelectField
        label={t.maintenance.repeat}
        value={value.frequency}
        onChange={({ currentTarget }) => set(startOf(frequencyFrom(currentTarget.value), value, startDay))}
      >
        {frequencies.map((frequency) => (
          <option key={frequency} value={frequency}>
            {t.maintenance.frequency[frequency]}
          </option>
        ))}
      </SelectField>
      {value.frequency === 'own' ? (
        <TextField
          label={t.maintenance.rule}
          help={t.maintenance.ruleHelp}
          error={errors.recurrence}
          spellCheck={false}
          autoCapitalize="none"
          value={value.own}
          onChange={(event) => set({ own: event.currentTarget.value })}
        />
      ) : null}
      {value.frequency === 'once' || value.frequency === 'own' ? null : (
        <>
          <WhichDays value={value} set={set} errors={errors} />
          <div className="grid gap-5 sm:grid-cols-2">
            <TextField
              label={t.maintenance.interval}
              suffix={t.maintenance.intervalUnit[value.frequency]}
              inputMode="numeric"
              error={errors.interval}
              value={value.interval}
              onChange={(event) => set({ interval: event.currentTarget.value })}
            />
          </div>
          <Ends value={value} set={set} errors={errors} />
        </>
      )}
    </div>
  );
}

function frequencyFrom(text: string): Frequency {
  return frequencies.find((each) => each === text) ?? 'once';
}

/** A new choice starts from the day on which the window begins. */
function startOf(
  frequency: Frequency,
  { weekdays: chosen }: Recurrence,
  startDay: string,
): Partial<Recurrence> {
  const weekday = startDay === '' ? 1 : weekdayOf(startDay);
  const date = Number(startDay.slice(8)) || 1;
  if (frequency === 'weekly') return { frequency, weekdays: chosen.length > 0 ? chosen : [weekday] };
  if (frequency === 'monthly_day') return { frequency, dayOfMonth: date };
  if (frequency === 'monthly_weekday')
    return { frequency, weekdays: [weekday], nth: date > 28 ? -1 : Math.ceil(date / 7) };
  return { frequency };
}

interface PartProps {
  value: Recurrence;
  set: (change: Partial<Recurrence>) => void;
  errors: Readonly<Record<string, string>>;
}

function WhichDays({ value, set, errors }: PartProps) {
  if (value.frequency === 'weekly') return <Weekdays value={value} set={set} errors={errors} />;
  if (value.frequency === 'monthly_day')
    return (
      <SelectField
        label={t.maintenance.dayOfMonth}
        value={value.dayOfMonth}
        onChange={(event) => set({ dayOfMonth: Number(event.currentTarget.value) })}
      >
        {daysOfMonth.map((day) => (
          <option key={day} value={day}>
            {day === -1 ? t.maintenance.lastDay : day}
          </option>
        ))}
      </SelectField>
    );
  if (value.frequency !== 'monthly_weekday') return null;
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <SelectField
        label={t.maintenance.which}
        value={value.nth}
        onChange={(event) => set({ nth: Number(event.currentTarget.value) })}
      >
        {nths.map((nth) => (
          <option key={nth} value={nth}>
            {t.maintenance.nth[String(nth)]}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t.maintenance.weekdays}
        value={value.weekdays[0] ?? 1}
        onChange={(event) => set({ weekdays: [Number(event.currentTarget.value)] })}
      >
        {weekdays.map((weekday) => (
          <option key={weekday} value={weekday}>
            {weekdayName(weekday)}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

function Weekdays({ value, set, errors }: PartProps) {
  const toggle = (weekday: number): void =>
    set({
      weekdays: value.weekdays.includes(weekday)
        ? value.weekdays.filter((each) => each !== weekday)
        : [...value.weekdays, weekday].toSorted((a, b) => a - b),
    });
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-2 font-medium">{t.maintenance.weekdays}</legend>
      <div className="flex flex-wrap gap-1.5">
        {weekdays.map((weekday) => (
          <label
            key={weekday}
            className="relative grid min-h-10 min-w-11 cursor-pointer place-items-center rounded-2 border border-control px-2 text-1 has-checked:border-accent has-checked:bg-accent-soft has-checked:font-semibold has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="checkbox"
              aria-label={weekdayName(weekday)}
              className="absolute inset-0 cursor-pointer appearance-none outline-none"
              checked={value.weekdays.includes(weekday)}
              onChange={() => toggle(weekday)}
            />
            <span aria-hidden="true">{weekdayName(weekday, 'short')}</span>
          </label>
        ))}
      </div>
      {errors.weekdays === undefined ? null : (
        <p className="mt-1.5 text-1 font-medium text-problem">{errors.weekdays}</p>
      )}
    </fieldset>
  );
}

function Ends({ value, set, errors }: PartProps) {
  const options = (['never', 'date', 'count'] as const).map((each) => ({
    value: each,
    label: t.maintenance.untils[each],
  }));
  return (
    <div className="grid items-start gap-5 sm:grid-cols-2">
      <Choice
        label={t.maintenance.until}
        options={options}
        value={value.ends}
        onChange={(ends) => set({ ends })}
      />
      {value.ends === 'date' ? (
        <TextField
          label={t.maintenance.untilDate}
          type="date"
          error={errors.until}
          value={value.until}
          onChange={(event) => set({ until: event.currentTarget.value })}
        />
      ) : null}
      {value.ends === 'count' ? (
        <TextField
          label={t.maintenance.times}
          inputMode="numeric"
          error={errors.count}
          value={value.count}
          onChange={(event) => set({ count: event.currentTarget.value })}
        />
      ) : null}
    </div>
  );
}
