import type { Comparison } from '@watchkeeper/contracts';

/** `95` as "1 min 35 s": at most two units, rounded down to the smaller. */
export function durationWords(seconds: number): string {
  if (seconds < 10 && !Number.isInteger(seconds)) return `${numberWords(seconds)} s`;
  const whole = Math.floor(seconds);
  const parts: string[] = [];
  let rest = whole;
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

/** At most three significant decimals, no trailing zeros. */
export function numberWords(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(Math.max(3, Math.trunc(Math.abs(value)).toString().length + 1))));
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    // Swedish writes dates as ISO 8601 does.
    clock = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone });
    clocks.set(timeZone, clock);
  }
  return clock;
}

/** "2026-11-21 14:03:09, Halifax time": by the clock of the place it is about. */
export function timeWords(at: Date, timeZone = 'UTC'): string {
  const text = clockOf(timeZone).format(at);
  if (timeZone === 'UTC') return `${text} UTC`;
  const city = (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ');
  return `${text}, ${city} time`;
}

export function countWords(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

const comparisonWords: Readonly<Record<Comparison, string>> = {
  '>': 'above',
  '>=': 'at or above',
  '<': 'below',
  '<=': 'at or below',
  '==': 'equal to',
  '!=': 'other than',
};

export function wordsOfComparison(operator: Comparison): string {
  return comparisonWords[operator];
}

export function compare(value: number, operator: Comparison, threshold: number): boolean {
  switch (operator) {
    case '>':
      return value > threshold;
    case '>=':
      return value >= threshold;
    case '<':
      return value < threshold;
    case '<=':
      return value <= threshold;
    case '==':
      return value === threshold;
    case '!=':
      return value !== threshold;
  }
}

/** How a form names the operators. */
export const labelsOfComparisons = { ...comparisonWords };

interface MetricWords {
  readonly label: string;
  readonly unit: string;
  readonly format: (value: number) => string;
}

const percent = (value: number): string => `${numberWords(value)} %`;

/** How the heartbeat's own numbers are called and written; other metrics are shown by their name. */
const metricWords: Readonly<Record<string, MetricWords>> = {
  sync_lag_sec: { label: 'Sync lag', unit: 's', format: durationWords },
  error_rate_5m: { label: 'Error rate (5 min)', unit: '', format: numberWords },
  request_latency_p95: {
    label: 'Request latency (p95)',
    unit: 'ms',
    format: (value) => `${numberWords(value)} ms`,
  },
  memory_usage: { label: 'Memory usage', unit: '%', format: percent },
  cpu_usage: { label: 'CPU usage', unit: '%', format: percent },
  disk_usage: { label: 'Disk usage', unit: '%', format: percent },
  server_errors: { label: 'Error rate', unit: '%', format: percent },
  latency_p95: { label: 'Response time (p95)', unit: 'ms', format: (value) => `${numberWords(value)} ms` },
};

export function wordsOfMetric(metric: string): MetricWords {
  return metricWords[metric] ?? { label: metric, unit: '', format: numberWords };
}

/** [one, many]; event types that nobody named are shown as they are sent. */
const eventWords: Readonly<Record<string, readonly [string, string]>> = {
  'gate.redemption': ['gate redemption', 'gate redemptions'],
  'receipt.reprint': ['receipt reprint', 'receipt reprints'],
  refund: ['refund', 'refunds'],
  sale: ['sale', 'sales'],
  'webhook.delivery': ['webhook delivery', 'webhook deliveries'],
  login: ['login', 'logins'],
  'session.expired': ['expired session', 'expired sessions'],
  'media.upload': ['upload', 'uploads'],
  'http.request': ['request', 'requests'],
  'page.load': ['page load', 'page loads'],
};

export function wordsOfEvent(type: string): readonly [string, string] {
  return eventWords[type] ?? [`"${type}" event`, `"${type}" events`];
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
