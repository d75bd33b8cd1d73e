import { type OpeningHours, type OpeningPeriod, weekdays } from '@watchkeeper/contracts/inventory';
import type { FieldError } from '#platform/errors';

const minutesPerDay = 1440;

/**
 * Checks of opening hours beyond the schema: contradictions, overlaps, dates given twice. Empty: no faults.
 */
export function checkOpeningHours(hours: OpeningHours, field: string): FieldError[] {
  const errors = weekdays.flatMap((day) => checkPeriods(hours[day] ?? [], `${field}.${day}`));
  if (weekdays.every((day) => hours[day] === undefined) && hours.holidays === undefined) {
    errors.push({
      field,
      message: 'names no day; leave it out (or send null) for a place that is always open',
    });
  }
  const seen = new Set<string>();
  for (const [index, holiday] of (hours.holidays ?? []).entries()) {
    const at = `${field}.holidays.${index}`;
    if (seen.has(holiday.date))
      errors.push({ field: `${at}.date`, message: `${holiday.date} is listed twice` });
    seen.add(holiday.date);
    const hasPeriods = (holiday.periods ?? []).length > 0;
    if (holiday.closed === true && hasPeriods)
      errors.push({ field: at, message: 'cannot be closed and also have periods' });
    if (holiday.closed !== true && !hasPeriods)
      errors.push({ field: at, message: 'needs either closed: true or periods' });
    errors.push(...checkPeriods(holiday.periods ?? [], `${at}.periods`));
  }
  return errors;
}

function checkPeriods(periods: readonly OpeningPeriod[], field: string): FieldError[] {
  const spans = periods
    .map((period, index) => ({ period, index, ...minutesOf(period) }))
    .sort((a, b) => a.from - b.from);
  const errors: FieldError[] = [];
  for (const [position, span] of spans.entries()) {
    const previous = spans[position - 1];
    if (previous === undefined || span.from >= previous.to) continue;
    const { open, close } = previous.period;
    errors.push({ field: `${field}.${span.index}`, message: `overlaps ${open}-${close} of the same day` });
  }
  return errors;
}

function minutesOf(period: OpeningPeriod): { from: number; to: number } {
  const from = minuteOf(period.open);
  const to = minuteOf(period.close);
  return { from, to: to <= from ? to + minutesPerDay : to };
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
