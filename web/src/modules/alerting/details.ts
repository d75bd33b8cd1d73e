import { formatDuration, formatExact, minuteMs, secondMs } from '../../lib/time';
import { t } from '../../messages';

const decimals = 2;

/** "threshold_percent" as people read it, where the catalogue has no words of its own. */
function labelOf(key: string): string {
  const known = t.detail[key];
  if (known !== undefined) return known;
  const words = key.replace(/_(seconds|minutes|at)$/, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function wordsOf(key: string, value: unknown): string | undefined {
  if (typeof value === 'number') {
    if (key.endsWith('_seconds')) return formatDuration(value * secondMs);
    if (key.endsWith('_minutes')) return formatDuration(value * minuteMs);
    const figure = new Intl.NumberFormat(t.language, { maximumFractionDigits: decimals }).format(value);
    return /(^|_)percent$/.test(key) ? `${figure} %` : figure;
  }
  if (typeof value === 'boolean') return value ? t.state.yes : t.state.no;
  if (typeof value !== 'string' || value === '') return undefined;
  const isTime = (key === 'at' || key.endsWith('_at')) && !Number.isNaN(Date.parse(value));
  return isTime ? formatExact(Date.parse(value), t.language) : value;
}

/** The numbers of an alert as facts. What has no plain form (lists, objects) is left to the API. */
export function detailFacts(details: Record<string, unknown>): { label: string; value: string }[] {
  return Object.entries(details).flatMap(([key, raw]) => {
    const value = wordsOf(key, raw);
    return value === undefined ? [] : [{ label: labelOf(key), value }];
  });
}
