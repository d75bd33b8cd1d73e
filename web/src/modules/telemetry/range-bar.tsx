import { type FormEvent, useState } from 'react';
import { useGo } from '../../app/link';
import { useOrg } from '../../app/session';
import { setPreferences, usePreferences } from '../../lib/preferences';
import { hourMs } from '../../lib/time';
import { clockText, instantOf } from '../../lib/zoned';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Button } from '../../ui/button';
import { Choice, TextField } from '../../ui/field';
import { type Range, type RangeSearch, searchBetween, searchOfSpan, spans } from './range';
import type { Zones } from './use-zone';

/** Goes to another range; zooms replace each other, so that Back leaves the page. */
export function useRange(device: string): (search: RangeSearch) => void {
  const { org } = useOrg();
  const go = useGo();
  return (search) => go(paths.device({ org, device, ...search }), { replace: true });
}

interface RangeBarProps {
  range: Range;
  zones: Zones;
  onRange: (search: RangeSearch) => void;
}

const custom = 'custom';

/** Which time the page looks at, and in whose clock it speaks. */
export function RangeBar({ range, zones, onRange }: RangeBarProps) {
  const { zone } = usePreferences();
  const [asking, setAsking] = useState(false);
  const chosen = asking ? custom : (range.span ?? custom);
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Choice
          label={t.deviceView.range}
          hideLabel
          options={[
            ...spans.map((span) => ({ value: span as string, label: t.deviceView.spans[span] ?? span })),
            { value: custom, label: t.deviceView.custom },
          ]}
          value={chosen}
          onChange={(value) => {
            const span = spans.find((each) => each === value);
            setAsking(span === undefined);
            if (span !== undefined) onRange(searchOfSpan(span));
          }}
        />
        {range.span === undefined ? (
          <Button variant="quiet" onClick={() => onRange({})}>
            {t.deviceView.resetRange}
          </Button>
        ) : null}
        {zones.site === undefined || zones.site === zones.mine ? null : (
          <div className="sm:ml-auto">
            <Choice
              label={t.deviceView.zone}
              hideLabel
              options={[
                { value: 'mine', label: t.deviceView.zones.mine },
                { value: 'site', label: t.deviceView.zones.site },
              ]}
              value={zone}
              onChange={(value) => setPreferences({ zone: value })}
            />
          </div>
        )}
      </div>
      {asking ? (
        <CustomRange
          // Typed in one clock, a time means another in the next: the fields begin anew with it.
          key={zones.timeZone}
          range={range}
          timeZone={zones.timeZone}
          onRange={(search) => {
            setAsking(false);
            onRange(search);
          }}
        />
      ) : null}
    </div>
  );
}

interface CustomProps {
  range: Range;
  timeZone: string;
  onRange: (search: RangeSearch) => void;
}

/** Begins with what is shown; the times are read by the clock that the page speaks in. */
function CustomRange({ range, timeZone, onRange }: CustomProps) {
  const [shown] = useState(() => {
    const end = range.until === undefined ? Date.now() : Date.parse(range.until);
    return { from: clockText(end - range.hours * hourMs, timeZone), to: clockText(end, timeZone) };
  });
  const [from, setFrom] = useState(shown.from);
  const [to, setTo] = useState(shown.to);
  const [wrong, setWrong] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const start = instantOf(from, timeZone);
    const end = instantOf(to, timeZone);
    if (end > start) onRange(searchBetween(start, end));
    else setWrong(true);
  }

  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <TextField
        label={t.deviceView.customFrom}
        type="datetime-local"
        required
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextField
        label={t.deviceView.customTo}
        type="datetime-local"
        required
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        error={wrong ? t.deviceView.customWrong : undefined}
      />
      <Button type="submit" variant="primary" className="min-h-11">
        {t.deviceView.show}
      </Button>
      <p className="text-1 text-ink-3 sm:pb-3">{t.alert.timeZoneNote(timeZone)}</p>
    </form>
  );
}
