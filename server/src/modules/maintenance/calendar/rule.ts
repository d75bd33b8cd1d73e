import { cutText } from '@watchkeeper/contracts/text';
import { Temporal } from '#platform/temporal';

/** A recurrence rule of RFC 5545, limited to rules that recur by days: windows repeat at most daily. */
export interface Rule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | null;
  readonly until: Until | null;
  /** Empty: not restricted. `nth` 0: every such weekday. */
  readonly byDay: readonly { readonly weekday: number; readonly nth: number }[];
  readonly byMonthDay: readonly number[];
  readonly byMonth: readonly number[];
  /** Which dates of a period are used, counted from the first (1) or the last (-1). Empty: all. */
  readonly bySetPos: readonly number[];
  /** From 1 (Monday) to 7 (Sunday). */
  readonly weekStart: number;
}

export const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Frequency = (typeof frequencies)[number];

/** A local date (inclusive), a local time, or an instant. */
export type Until =
  | { readonly kind: 'date'; readonly date: Temporal.PlainDate }
  | { readonly kind: 'local'; readonly at: Temporal.PlainDateTime }
  | { readonly kind: 'instant'; readonly at: Temporal.Instant };

/** Its message is for the operator who wrote the rule. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
}

const textLengthMax = 512;
const intervalMax = 1_000;
export const countMax = 1_000;
const weekdayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** Strict: unknown parts are refused, never ignored. @throws RuleError */
export function parseRule(text: string): Rule {
  if (text.length > textLengthMax) throw new RuleError(`is longer than ${textLengthMax} characters`);
  const parts = partsOf(text.trim().replace(/^RRULE:/i, ''));
  const known = new Set([
    'FREQ',
    'INTERVAL',
    'COUNT',
    'UNTIL',
    'BYDAY',
    'BYMONTHDAY',
    'BYMONTH',
    'BYSETPOS',
    'WKST',
  ]);
  for (const key of parts.keys()) {
    if (!known.has(key)) throw new RuleError(`"${key}" is not supported; use ${[...known].join(', ')}`);
  }
  const frequency = frequencies.find((one) => one === parts.get('FREQ'));
  if (frequency === undefined) throw new RuleError(`FREQ must be one of ${frequencies.join(', ')}`);
  const count = parts.get('COUNT');
  const until = parts.get('UNTIL');
  if (count !== undefined && until !== undefined)
    throw new RuleError('COUNT and UNTIL cannot be used in one rule');
  const rule: Rule = {
    frequency,
    interval: wholeNumber('INTERVAL', parts.get('INTERVAL') ?? '1', 1, intervalMax),
    count: count === undefined ? null : wholeNumber('COUNT', count, 1, countMax),
    until: until === undefined ? null : parseUntil(until),
    byDay: list(parts.get('BYDAY')).map((item) => parseWeekday(item, frequency)),
    byMonthDay: list(parts.get('BYMONTHDAY')).map((item) => signed('BYMONTHDAY', item, 31)),
    byMonth: list(parts.get('BYMONTH')).map((item) => wholeNumber('BYMONTH', item, 1, 12)),
    bySetPos: list(parts.get('BYSETPOS')).map((item) => signed('BYSETPOS', item, 366)),
    weekStart: weekdayOf('WKST', parts.get('WKST') ?? 'MO'),
  };
  refuseCombinations(rule);
  return rule;
}

function partsOf(text: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const part of text.toUpperCase().split(';')) {
    const [, key, value] = /^([A-Z]+)=([A-Z0-9+,-]+)$/.exec(part) ?? [];
    if (key === undefined || value === undefined) {
      throw new RuleError(
        `"${cutText(part, 40)}" is not NAME=value; an example is FREQ=WEEKLY;BYDAY=TU;INTERVAL=2`,
      );
    }
    if (parts.has(key)) throw new RuleError(`${key} is given twice`);
    parts.set(key, value);
  }
  return parts;
}

function refuseCombinations(rule: Rule): void {
  if (rule.frequency === 'WEEKLY' && rule.byMonthDay.length > 0)
    throw new RuleError('BYMONTHDAY cannot be used with FREQ=WEEKLY');
  if (rule.frequency === 'YEARLY' && rule.byDay.length > 0 && rule.byMonth.length === 0)
    throw new RuleError('BYDAY with FREQ=YEARLY needs BYMONTH');
  if (rule.bySetPos.length > 0 && rule.byDay.length + rule.byMonthDay.length + rule.byMonth.length === 0)
    throw new RuleError('BYSETPOS picks from what BYDAY, BYMONTHDAY or BYMONTH name: add one of them');
}

function list(text: string | undefined): string[] {
  return text === undefined ? [] : [...new Set(text.split(','))];
}

function wholeNumber(key: string, text: string, min: number, max: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max))
    throw new RuleError(`${key} must be a whole number from ${min} to ${max}`);
  return value;
}

/** 1 to `max`, or -1 to -`max` when counted from the end. */
function signed(key: string, text: string, max: number): number {
  const value = /^[+-]?\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(Math.abs(value) >= 1 && Math.abs(value) <= max))
    throw new RuleError(`${key} must be from 1 to ${max} or from -${max} to -1`);
  return value;
}

function parseWeekday(text: string, frequency: Frequency): { weekday: number; nth: number } {
  const [, nth, name] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(text) ?? [];
  const weekday = weekdayOf('BYDAY', name ?? text);
  if (nth === undefined) return { weekday, nth: 0 };
  if (frequency !== 'MONTHLY' && frequency !== 'YEARLY')
    throw new RuleError(`BYDAY=${text} counts within a month: use it with FREQ=MONTHLY`);
  return { weekday, nth: signed('BYDAY', nth, 5) };
}

function weekdayOf(key: string, text: string): number {
  const index = weekdayNames.indexOf(text);
  if (index < 0) throw new RuleError(`${key} takes ${weekdayNames.join(', ')}, not "${cutText(text, 20)}"`);
  return index + 1;
}

function parseUntil(text: string): Until {
  const [, year, month, day, time, utc] = /^(\d{4})(\d{2})(\d{2})(?:T(\d{6})(Z)?)?$/.exec(text) ?? [];
  try {
    const date = Temporal.PlainDate.from(`${year}-${month}-${day}`);
    if (time === undefined) return { kind: 'date', date };
    const clock = `${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4, 6)}`;
    if (utc === undefined) return { kind: 'local', at: Temporal.PlainDateTime.from(`${date}T${clock}`) };
    return { kind: 'instant', at: Temporal.Instant.from(`${date}T${clock}Z`) };
  } catch {
    throw new RuleError('UNTIL must be a date or a time such as 20271231 or 20271231T230000Z');
  }
}
