import { useQuery } from '@tanstack/react-query';
import type { MaintenanceInput } from '@watchkeeper/contracts/maintenance';
import { useDeferredValue } from 'react';
import { messageOf } from '../../api/problem';
import { useOrg } from '../../app/session';
import { dayMs } from '../../lib/time';
import { instantOf } from '../../lib/zoned';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { Notice } from '../../ui/notice';
import { Occurrences } from './occurrences';
import { overlapping } from './overlap';
import { everything } from './place-words';
import { calendarQuery, previewQuery, windowsQuery } from './queries';
import { scheduleWords } from './window-words';

interface PreviewPanelProps {
  body: MaintenanceInput;
  /** Its times and its rule are complete. */
  isDated: boolean;
  /** The window that is edited: it does not overlap with itself. */
  self: string | undefined;
}

/** The meaning of the form: in a sentence, in dates, and beside other planned windows. */
export function PreviewPanel({ body, isDated, self }: PreviewPanelProps) {
  const { org } = useOrg();
  const { location, start_time, end_time, timezone, recurrence } = body;
  const zone = timezone ?? 'UTC';
  const plan = {
    ...{ location, start_time, end_time },
    ...(timezone === undefined ? {} : { timezone }),
    recurrence: recurrence ?? null,
  };
  const asked = useDeferredValue(isDated ? JSON.stringify(plan) : undefined);
  const preview = useQuery(previewQuery(org, asked === undefined ? undefined : JSON.parse(asked)));
  const isShown = isDated && preview.data !== undefined && preview.error === null;
  return (
    <Panel title={t.maintenance.preview} className="xl:sticky xl:top-6">
      <div aria-live="polite" className="grid gap-4">
        {!isDated ? <p className="text-ink-3">{t.maintenance.previewNone}</p> : null}
        {isDated && preview.error !== null ? (
          <Notice tone="attention">{messageOf(preview.error)}</Notice>
        ) : null}
        {isShown ? (
          <>
            <p className="text-3">
              {scheduleWords({
                start_time: new Date(instantOf(start_time, zone)).toISOString(),
                end_time: new Date(instantOf(end_time, zone)).toISOString(),
                timezone: zone,
                recurrence: recurrence ?? null,
              })}
            </p>
            <Occurrences occurrences={preview.data.data} timeZone={zone} />
            <Overlaps body={body} occurrences={preview.data.data} self={self} />
          </>
        ) : null}
      </div>
    </Panel>
  );
}

interface OverlapsProps {
  body: MaintenanceInput;
  occurrences: readonly { start_time: string; end_time: string }[];
  self: string | undefined;
}

/** As far ahead as is looked for windows that overlap. */
const lookAheadMs = 365 * dayMs;

export function Overlaps({ body, occurrences, self }: OverlapsProps) {
  const { org } = useOrg();
  const from = Date.parse(occurrences[0]?.start_time ?? '') || 0;
  const last = Date.parse(occurrences.at(-1)?.end_time ?? '') || 0;
  const to = Math.min(last, from + lookAheadMs);
  const calendar = useQuery({ ...calendarQuery(org, from, to), enabled: to > from });
  const windows = useQuery(windowsQuery(org)).data?.data ?? [];
  const others = (calendar.data?.data ?? [])
    .filter((dated) => dated.window_id !== self)
    .map((dated) => ({ ...dated, systems: windows.find((each) => each.id === dated.window_id)?.systems }));
  const mine = occurrences.map((occurrence) => ({
    ...occurrence,
    window_id: self ?? '',
    location: body.location,
    systems:
      body.systems.length === 0 ? [everything] : body.systems.map((system) => system.replace(/^device:/, '')),
  }));
  const met = overlapping(mine, others);
  if (met.length === 0) return null;
  return (
    <Notice tone="attention" title={t.maintenance.overlaps}>
      {t.maintenance.overlapWith(met.map((each) => each.reason).join(', '))}. {t.maintenance.overlapsText}
    </Notice>
  );
}
