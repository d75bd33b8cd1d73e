import { formatClock, formatDuration, formatExact, hourMs, minuteMs, secondMs } from '../../lib/time';
import { t } from '../../messages';
import type { FigureItem } from '../../ui/figures';

const decimals = 2;

/** "threshold_percent" as people read it, where the catalogue has no words of its own. */
function labelOf(key: string): string {
  const known = t.detail[key];
  if (known !== undefined) return known;
  const words = key.replace(/_(seconds|minutes|at)$/, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function numberText(key: string, value: number): string | undefined {
  // A condition that has to last no time needs no mention.
  if (key === 'duration_minutes' && value === 0) return undefined;
  if (key.endsWith('_seconds')) return formatDuration(value * secondMs);
  if (key.endsWith('_minutes')) return formatDuration(value * minuteMs);
  const figure = new Intl.NumberFormat(t.language, { maximumFractionDigits: decimals }).format(value);
  return /(^|_)percent$/.test(key) ? `${figure} %` : figure;
}

interface Place {
  /** IANA name: the clock of the site. */
  timeZone?: string | undefined;
  /** When the alert opened; the day of a moment near it goes without saying. */
  openedAt?: number;
}

const nearMs = 12 * hourMs;

function timeText(at: number, { timeZone, openedAt }: Place): string {
  if (openedAt === undefined || Math.abs(at - openedAt) > nearMs)
    return formatExact(at, t.language, timeZone);
  const zone = timeZone === undefined ? {} : { timeZone };
  return formatClock(at, t.language, { seconds: true, ...zone });
}

function textOf(key: string, value: unknown, place: Place): string | undefined {
  if (typeof value === 'number') return numberText(key, value);
  if (typeof value === 'boolean') return value ? t.state.yes : t.state.no;
  if (typeof value !== 'string' || value === '') return undefined;
  const isTime = (key === 'at' || key.endsWith('_at')) && !Number.isNaN(Date.parse(value));
  return isTime ? timeText(Date.parse(value), place) : value;
}

export interface Condition {
  metric: string;
  value: number;
  operator: string;
  threshold: number;
}

export function conditionOf(details: Record<string, unknown>): Condition | undefined {
  const { metric, value, operator, threshold } = details;
  const whole =
    typeof metric === 'string' &&
    typeof operator === 'string' &&
    typeof value === 'number' &&
    typeof threshold === 'number';
  return whole ? { metric, value, operator, threshold } : undefined;
}

/** A measured value beside its limit, both in the unit of what was measured. */
function conditionFigures({ metric, value, operator, threshold }: Condition): FigureItem[] {
  const known = t.metric[metric];
  const unit = known === undefined || known.unit === '' ? '' : ` ${known.unit}`;
  const figure = new Intl.NumberFormat(t.language, { maximumFractionDigits: decimals });
  return [
    { label: known?.label ?? metric, value: `${figure.format(value)}${unit}` },
    { label: t.detail.threshold ?? '', value: `${operator} ${figure.format(threshold)}${unit}` },
  ];
}

/** In the catalogue's order, which is the order of telling; what it does not know comes last. */
function order(key: string): number {
  const known = Object.keys(t.detail);
  const index = known.indexOf(key);
  return index === -1 ? known.length : index;
}

const conditionKeys = new Set(['metric', 'value', 'operator', 'threshold']);

/** The numbers behind an alert, its times by the clock of the site. What has no plain form (lists, objects) is left to the API. */
export function detailFigures(details: Record<string, unknown>, place: Place = {}): FigureItem[] {
  const condition = conditionOf(details);
  const rest = Object.entries(details)
    .filter(([key]) => condition === undefined || !conditionKeys.has(key))
    .sort(([a], [b]) => order(a) - order(b))
    .flatMap(([key, raw]) => {
      const value = textOf(key, raw, place);
      return value === undefined ? [] : [{ label: labelOf(key), value }];
    });
  return condition === undefined ? rest : [...conditionFigures(condition), ...rest];
}
