import { localTimeZone, zoneCity, zoneGroups } from '../../lib/time-zones';
import { t } from '../../messages';
import { buttonClass } from '../../ui/button';
import { SelectField, TextField } from '../../ui/field';
import { everything } from './place-words';
import { after, moveStart, type WindowDraft } from './window-draft';

interface TimeFieldsProps {
  draft: WindowDraft;
  onChange: (draft: WindowDraft) => void;
  errors: Readonly<Record<string, string>>;
}

const lengths = [30, 60, 120, 240, 480] as const;

/** From when to when, by the clock of the place. */
export function TimeFields({ draft, onChange, errors }: TimeFieldsProps) {
  return (
    <div className="grid gap-5">
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          label={t.maintenance.start}
          type="datetime-local"
          required
          value={draft.start}
          error={errors.start_time}
          onChange={(event) => onChange(moveStart(draft, event.currentTarget.value))}
        />
        <TextField
          label={t.maintenance.finish}
          type="datetime-local"
          required
          value={draft.end}
          error={errors.end_time}
          onChange={(event) => onChange({ ...draft, end: event.currentTarget.value })}
        />
      </div>
      <fieldset className="flex flex-wrap items-center gap-1.5">
        <legend className="float-left mr-1 text-1 text-ink-3">{t.maintenance.lastsFor}</legend>
        {lengths.map((minutes) => (
          <button
            key={minutes}
            type="button"
            onClick={() => onChange({ ...draft, end: after(draft.start, minutes, draft.timezone) })}
            className={buttonClass('secondary', 'min-h-8 px-2.5 py-1 text-1')}
          >
            {t.maintenance.lengths[minutes]}
          </button>
        ))}
      </fieldset>
      {draft.location === everything ? (
        <SelectField
          label={t.maintenance.timezone}
          value={draft.timezone}
          error={errors.timezone}
          onChange={(event) => onChange({ ...draft, timezone: event.currentTarget.value })}
        >
          {zoneGroups(localTimeZone()).map(({ region, zones }) => (
            <optgroup key={region} label={region}>
              {zones.map((zone) => (
                <option key={zone} value={zone}>
                  {zoneCity(zone)}
                </option>
              ))}
            </optgroup>
          ))}
        </SelectField>
      ) : (
        <p className="text-1 text-ink-3">
          {t.maintenance.zone(draft.timezone)}. {t.maintenance.zoneOfSite}
        </p>
      )}
    </div>
  );
}
