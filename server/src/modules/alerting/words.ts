import type { Comparison } from '@watchkeeper/contracts';
import { type Detail, durationWords, numberWords } from '@watchkeeper/contracts/figures';
import { zoneForWords } from '#platform/temporal';

const detailMax = 6;

/** How to write a value of some unit. */
export type Format = (value: number, detail?: Detail) => string;

/**
 * A value beside its limit, written with enough digits that different numbers look different. So no alert says "90 s;
 * the limit is 90 s".
 */
export function besideLimit(value: number, limit: number, format: Format): { value: string; limit: string } {
  for (let detail = 0; detail <= detailMax; detail += 1) {
    const said = { value: format(value, detail), limit: format(limit, detail) };
    if (said.value !== said.limit || value === limit) return said;
  }
  return { value: format(value, detailMax), limit: format(limit, detailMax) };
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    // The Swedish locale writes dates as ISO 8601 does.
    clock = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone });
    clocks.set(timeZone, clock);
  }
  return clock;
}

/** "2026-11-21 14:03:09, Halifax time": in the time zone of the place. */
export function timeWords(at: Date, zone = 'UTC'): string {
  const timeZone = zoneForWords(zone);
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

/** "above 90 %": the condition that held, beside a value. */
export function wordsOfComparison(operator: Comparison, limit: string): string {
  return `${comparisonWords[operator]} ${limit}`;
}

const limitWords: Readonly<Record<Comparison, (limit: string) => string>> = {
  '>': (limit) => `the limit is ${limit}`,
  '>=': (limit) => `it must stay below ${limit}`,
  '<': (limit) => `the lower limit is ${limit}`,
  '<=': (limit) => `it must stay above ${limit}`,
  '==': (limit) => `it must not be ${limit}`,
  '!=': (limit) => `it must be ${limit}`,
};

/** The limit beside a value that fired: "the limit is 90 %", "it must stay below 90 %". */
export function wordsOfLimit(operator: Comparison, limit: string): string {
  return limitWords[operator](limit);
}

const askedWords: Readonly<Record<Comparison, (limit: string) => string>> = {
  '>': (limit) => `more than ${limit}`,
  '>=': (limit) => `${limit} or more`,
  '<': (limit) => `less than ${limit}`,
  '<=': (limit) => `${limit} or less`,
  '==': (limit) => `exactly ${limit}`,
  '!=': (limit) => `anything but ${limit}`,
};

/** The limit beside a value that does not fire: "the rule asks for more than 90 %". */
export function wordsOfAsked(operator: Comparison, limit: string): string {
  return `the rule asks for ${askedWords[operator](limit)}`;
}

/** How a title describes a value that fired. */
export function wordsOfVerdict(operator: Comparison): string {
  if (operator.startsWith('>')) return 'is high';
  return operator.startsWith('<') ? 'is low' : 'needs a look';
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
  /** As a sentence begins. */
  readonly label: string;
  /** As it stands inside a sentence. */
  readonly inSentence: string;
  readonly unit: string;
  readonly format: Format;
}

/** A unit that stands after a number. */
function inUnit(unit: string): Format {
  return (value, detail) => `${numberWords(value, detail)} ${unit}`;
}

function known(label: string, unit: string, format: Format): MetricWords {
  return { label, inSentence: uncapitalized(label), unit, format };
}

/** Names and formats of the heartbeat's own numbers. Other metrics are shown by the name that was sent. */
const metricWords: ReadonlyMap<string, MetricWords> = new Map([
  ['sync_lag_sec', known('Sync lag', 's', durationWords)],
  ['error_rate_5m', known('Error rate (5 min)', '', numberWords)],
  ['request_latency_p95', known('Request latency (p95)', 'ms', inUnit('ms'))],
  ['memory_usage', known('Memory usage', '%', inUnit('%'))],
  ['cpu_usage', known('CPU usage', '%', inUnit('%'))],
  ['disk_usage', known('Disk usage', '%', inUnit('%'))],
  ['server_errors', known('Error rate', '%', inUnit('%'))],
  ['latency_p95', known('Response time (p95)', 'ms', inUnit('ms'))],
]);

/** Units that only say that things were counted. */
const bareUnits: ReadonlySet<string> = new Set(['', 'count', 'counts']);

/** `unit` came with the measurement; it is used for metrics that have no entry here. */
export function wordsOfMetric(metric: string, unit = ''): MetricWords {
  const words = metricWords.get(metric);
  if (words !== undefined) return words;
  const own = bareUnits.has(unit.toLowerCase()) ? '' : unit;
  return { label: metric, inSentence: metric, unit: own, format: own === '' ? numberWords : inUnit(own) };
}

/** [one, many]; event types without an entry are shown as they are sent. */
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

/** For the beginning of a sentence: a capital first letter, the rest unchanged. */
export function capitalized(text: string): string {
  const [first = ''] = text;
  return `${first.toUpperCase()}${text.slice(first.length)}`;
}

/** For inside a sentence; an acronym ("CPU usage", "p95", "I/O") keeps its capitals. */
export function uncapitalized(text: string): string {
  const [word = ''] = text.split(/[\s(]/, 1);
  return /^\p{Lu}\p{Ll}*$/u.test(word) && word.length > 1
    ? `${word.charAt(0).toLowerCase()}${text.slice(1)}`
    : text;
}
