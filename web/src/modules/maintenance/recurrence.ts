/** The recurrences that the plain form can express; `own` is any other rule, as it is written. */
export type Frequency = 'once' | 'daily' | 'weekly' | 'monthly_day' | 'monthly_weekday' | 'yearly' | 'own';

export const frequencies: readonly Frequency[] = [
  'once',
  'daily',
  'weekly',
  'monthly_day',
  'monthly_weekday',
  'yearly',
  'own',
];

export interface Recurrence {
  frequency: Frequency;
  interval: string;
  /** 1 Monday ... 7 Sunday; for `weekly` all that are chosen, for `monthly_weekday` the one. */
  weekdays: readonly number[];
  /** 1 to 31; -1 is the last. */
  dayOfMonth: number;
  /** 1 to 5; -1 is the last. */
  nth: number;
  ends: 'never' | 'date' | 'count';
  /** YYYY-MM-DD. */
  until: string;
  count: string;
  own: string;
}

const weekdayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const names: Partial<Record<Frequency, string>> = {
  daily: 'DAILY',
  weekly: 'WEEKLY',
  monthly_day: 'MONTHLY',
  monthly_weekday: 'MONTHLY',
  yearly: 'YEARLY',
};

export function noRecurrence(): Recurrence {
  return {
    frequency: 'once',
    interval: '1',
    weekdays: [],
    dayOfMonth: 1,
    nth: 1,
    ends: 'never',
    until: '',
    count: '10',
    own: '',
  };
}

/** null: it does not recur. What is not filled in rightly is caught by `mistakesIn` before. */
export function ruleOf(recurrence: Recurrence): string | null {
  const { frequency, interval, weekdays, dayOfMonth, nth, ends, until, count } = recurrence;
  if (frequency === 'once') return null;
  if (frequency === 'own') return recurrence.own.trim();
  const day = weekdayNames[(weekdays[0] ?? 1) - 1] ?? 'MO';
  const chosen = weekdays.toSorted((a, b) => a - b).map((each) => weekdayNames[each - 1]);
  const parts = [
    `FREQ=${names[frequency]}`,
    ...(interval.trim() === '1' ? [] : [`INTERVAL=${interval.trim()}`]),
    ...(frequency === 'weekly' ? [`BYDAY=${chosen.join(',')}`] : []),
    ...(frequency === 'monthly_day' ? [`BYMONTHDAY=${dayOfMonth}`] : []),
    ...(frequency === 'monthly_weekday' ? [`BYDAY=${nth}${day}`] : []),
    ...(ends === 'date' ? [`UNTIL=${until.replaceAll('-', '')}`] : []),
    ...(ends === 'count' ? [`COUNT=${count.trim()}`] : []),
  ];
  return parts.join(';');
}

function asOwn(rule: string): Recurrence {
  return { ...noRecurrence(), frequency: 'own', own: rule };
}

/** The plain form of a rule, or the rule as it is where the form cannot say it. */
export function recurrenceOf(rule: string | null): Recurrence {
  if (rule === null) return noRecurrence();
  const parts = new Map(
    rule
      .toUpperCase()
      .replace(/^RRULE:/, '')
      .split(';')
      .map((part): [string, string] => {
        const [key = '', value = ''] = part.split('=');
        return [key, value];
      }),
  );
  const plain = plainForm(parts);
  const known = [...parts.keys()].every((key) =>
    ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'UNTIL', 'COUNT'].includes(key),
  );
  const ends = endOf(parts);
  if (plain === undefined || ends === undefined || !known) return asOwn(rule);
  const recurrence = { ...noRecurrence(), ...plain, ...ends, interval: parts.get('INTERVAL') ?? '1' };
  // Only what would be written the same again has been understood.
  return isSame(ruleOf(recurrence), parts) ? recurrence : asOwn(rule);
}

function isSame(rule: string | null, parts: ReadonlyMap<string, string>): boolean {
  const given = [...parts].filter(([key, value]) => key !== 'INTERVAL' || value !== '1');
  const sorted = (texts: readonly string[]) => texts.toSorted().join(';');
  return (
    sorted((rule ?? '').split(';')) === sorted(given.map(([key, value]) => `${key}=${inOrder(key, value)}`))
  );
}

function inOrder(key: string, value: string): string {
  if (key !== 'BYDAY') return value;
  return value
    .split(',')
    .toSorted((a, b) => weekdayNames.indexOf(a) - weekdayNames.indexOf(b))
    .join(',');
}

function plainForm(parts: ReadonlyMap<string, string>): Partial<Recurrence> | undefined {
  const byDay = parts.get('BYDAY');
  const byMonthDay = parts.get('BYMONTHDAY');
  switch (parts.get('FREQ')) {
    case 'DAILY':
      return byDay === undefined && byMonthDay === undefined ? { frequency: 'daily' } : undefined;
    case 'WEEKLY': {
      const weekdays = (byDay ?? '').split(',').map((name) => weekdayNames.indexOf(name) + 1);
      return byDay === undefined || weekdays.includes(0) ? undefined : { frequency: 'weekly', weekdays };
    }
    case 'MONTHLY':
      return monthlyForm(byDay, byMonthDay);
    case 'YEARLY':
      return byDay === undefined && byMonthDay === undefined ? { frequency: 'yearly' } : undefined;
    default:
      return undefined;
  }
}

function monthlyForm(
  byDay: string | undefined,
  byMonthDay: string | undefined,
): Partial<Recurrence> | undefined {
  if (byDay === undefined) {
    const dayOfMonth = Number(byMonthDay);
    const fits = Number.isInteger(dayOfMonth) && (dayOfMonth === -1 || dayOfMonth >= 1);
    return fits ? { frequency: 'monthly_day', dayOfMonth } : undefined;
  }
  const [, nth, name = ''] = /^(-1|[1-5])([A-Z]{2})$/.exec(byDay) ?? [];
  const weekday = weekdayNames.indexOf(name) + 1;
  if (nth === undefined || weekday === 0 || byMonthDay !== undefined) return undefined;
  return { frequency: 'monthly_weekday', nth: Number(nth), weekdays: [weekday] };
}

function endOf(parts: ReadonlyMap<string, string>): Partial<Recurrence> | undefined {
  const until = parts.get('UNTIL');
  const count = parts.get('COUNT');
  if (until !== undefined) {
    const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(until) ?? [];
    return year === undefined ? undefined : { ends: 'date', until: `${year}-${month}-${day}` };
  }
  return count === undefined ? { ends: 'never' } : { ends: 'count', count };
}
