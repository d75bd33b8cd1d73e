import type { MaintenanceInput, MaintenanceWindow } from '@watchkeeper/contracts/maintenance';
import { minuteMs } from '../../lib/time';
import { usableZone } from '../../lib/time-zones';
import { clockText, instantOf } from '../../lib/zoned';
import type { DayText } from './days';
import { everything } from './place-words';
import { noRecurrence, type Recurrence, recurrenceOf, ruleOf } from './recurrence';
import { fieldTime } from './window-words';

/** A window as it stands in the form; times by the clock of its zone. */
export interface WindowDraft {
  reason: string;
  /** Slug of a site, or "all". */
  location: string;
  scope: 'all' | 'some';
  systems: readonly string[];
  start: string;
  end: string;
  timezone: string;
  recurrence: Recurrence;
  suppress: boolean;
  reply: string;
}

const usualMinutes = 60;
/** On a day of the calendar: before most places open. */
const usualStart = '06:00';

/** The start of a new window: now, or on the chosen day. */
export function newDraft(
  wish: { site: string | undefined; device: string | undefined; day: DayText | undefined },
  timezone: string,
  now: number,
): WindowDraft {
  const start = wish.day === undefined ? clockText(now, timezone) : `${wish.day}T${usualStart}`;
  return {
    reason: '',
    location: wish.site ?? everything,
    scope: wish.device === undefined ? 'all' : 'some',
    systems: wish.device === undefined ? [] : [`device:${wish.device}`],
    start,
    end: after(start, usualMinutes, timezone),
    timezone,
    recurrence: noRecurrence(),
    suppress: true,
    reply: '',
  };
}

export function draftOfWindow(window: MaintenanceWindow): WindowDraft {
  const isWhole = window.systems.includes(everything);
  const timezone = usableZone(window.timezone);
  return {
    reason: window.reason,
    location: window.location,
    scope: isWhole ? 'all' : 'some',
    systems: isWhole ? [] : window.systems,
    start: fieldTime(window.start_time, timezone),
    end: fieldTime(window.end_time, timezone),
    timezone,
    recurrence: recurrenceOf(window.recurrence),
    suppress: window.suppress_alerts,
    reply: window.auto_reply ?? '',
  };
}

/** So many minutes later by the clock of the place. */
export function after(start: string, minutes: number, timezone: string): string {
  const at = instantOf(start, timezone);
  return Number.isNaN(at) ? '' : clockText(at + minutes * minuteMs, timezone);
}

/** The same length at another start. */
export function moveStart(draft: WindowDraft, start: string): WindowDraft {
  const length = instantOf(draft.end, draft.timezone) - instantOf(draft.start, draft.timezone);
  if (Number.isNaN(length) || length <= 0 || Number.isNaN(instantOf(start, draft.timezone)))
    return { ...draft, start };
  return { ...draft, start, end: after(start, length / minuteMs, draft.timezone) };
}

interface WindowWords {
  reasonMissing: string;
  timeMissing: string;
  endBeforeStart: string;
  systemsMissing: string;
  intervalWrong: string;
  weekdaysMissing: string;
  untilMissing: string;
  timesWrong: string;
  ruleMissing: string;
}

const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
const countMax = 1_000;

function isCount(text: string): boolean {
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 && value <= countMax;
}

function recurrenceErrors(recurrence: Recurrence, words: WindowWords): Record<string, string> {
  const { frequency, interval, weekdays, ends, until, count, own } = recurrence;
  if (frequency === 'once') return {};
  if (frequency === 'own') return own.trim() === '' ? { recurrence: words.ruleMissing } : {};
  return {
    ...(isCount(interval) ? {} : { interval: words.intervalWrong }),
    ...(frequency === 'weekly' && weekdays.length === 0 ? { weekdays: words.weekdaysMissing } : {}),
    ...(ends === 'date' && until === '' ? { until: words.untilMissing } : {}),
    ...(ends === 'count' && !isCount(count) ? { count: words.timesWrong } : {}),
  };
}

function timeErrors({ start, end }: WindowDraft, words: WindowWords): Record<string, string> {
  const errors: Record<string, string> = {};
  if (!timePattern.test(start)) errors.start_time = words.timeMissing;
  if (!timePattern.test(end)) errors.end_time = words.timeMissing;
  else if (errors.start_time === undefined && end <= start) errors.end_time = words.endBeforeStart;
  return errors;
}

/** The window as the API takes it, and what stands in the way. */
export function readWindowDraft(
  draft: WindowDraft,
  words: WindowWords,
): { body: MaintenanceInput; errors: Readonly<Record<string, string>>; isDated: boolean } {
  const dates = { ...timeErrors(draft, words), ...recurrenceErrors(draft.recurrence, words) };
  const errors: Record<string, string> = { ...dates };
  if (draft.reason.trim() === '') errors.reason = words.reasonMissing;
  if (draft.scope === 'some' && draft.systems.length === 0) errors.systems = words.systemsMissing;
  return {
    body: {
      location: draft.location,
      systems: draft.scope === 'all' ? [everything] : [...draft.systems],
      start_time: draft.start,
      end_time: draft.end,
      timezone: draft.timezone,
      recurrence: ruleOf(draft.recurrence),
      reason: draft.reason.trim(),
      suppress_alerts: draft.suppress,
      auto_reply: draft.reply.trim() === '' ? null : draft.reply.trim(),
    },
    errors,
    isDated: Object.keys(dates).length === 0,
  };
}
