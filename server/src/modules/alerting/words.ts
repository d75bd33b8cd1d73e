import type { Comparison } from '@watchkeeper/contracts';
import { type Detail, durationWords, numberWords } from '@watchkeeper/contracts/figures';
import { zoneForWords } from '#platform/temporal';

const detailMax = 6;

/** How a value of some unit is written. */
export type Format = (value: number, detail?: Detail) => string;

/**
 * A value beside the limit it is held against: written so exactly that what differs looks different, so that
 * nobody reads "90 s; the limit is 90 s" of an alert.
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
    // Swedish writes dates as ISO 8601 does.
    clock = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone });
    clocks.set(timeZone, clock);
  }
  return clock;
}

/** "2026-11-21 14:03:09, Halifax time": by the clock of the place it is about. */
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

/** What a value that fired was held against: "the limit is 90 %", "it must stay below 90 %". */
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

/** What would fire, said of a value that does not: "the rule asks for more than 90 %". */
export function wordsOfAsked(operator: Comparison, limit: string): string {
  return `the rule asks for ${askedWords[operator](limit)}`;
}

/** How a title calls a value that fired. */
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

/** How the heartbeat's own numbers are called and written; other metrics are shown by their name, as it was sent. */
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

/** A unit that says no more than that things were counted. */
const bareUnits: ReadonlySet<string> = new Set(['', 'count', 'counts']);

/** `unit` is what came with the measurement, for metrics that we have no words for. */
export function wordsOfMetric(metric: string, unit = ''): MetricWords {
  const words = metricWords.get(metric);
  if (words !== undefined) return words;
  const own = bareUnits.has(unit.toLowerCase()) ? '' : unit;
  return { label: metric, inSentence: metric, unit: own, format: own === '' ? numberWords : inUnit(own) };
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

/** The first letter of a sentence; the rest stands as it is. */
export function capitalized(text: string): string {
  const [first = ''] = text;
  return `${first.toUpperCase()}${text.slice(first.length)}`;
}

/** Inside a sentence; an acronym ("CPU usage", "p95", "I/O") keeps its letters. */
export function uncapitalized(text: string): string {
  const [word = ''] = text.split(/[\s(]/, 1);
  return /^\p{Lu}\p{Ll}*$/u.test(word) && word.length > 1
    ? `${word.charAt(0).toLowerCase()}${text.slice(1)}`
    : text;
}
