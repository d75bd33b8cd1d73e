import { dayMs, hourMs, minuteMs } from '../../lib/time';

export const spans = ['1h', '24h', '7d', '90d'] as const;
export type Span = (typeof spans)[number];

const hoursOf: Record<Span, number> = { '1h': 1, '24h': 24, '7d': 7 * 24, '90d': 90 * 24 };

/** As it stands in the address: a span that ends now, or two instants. */
export interface RangeSearch {
  range?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** What is asked of the server. `until` undefined: now, and it moves. */
export interface Range {
  /** undefined: custom. */
  span: Span | undefined;
  hours: number;
  until: string | undefined;
}

/** A drag across a few pixels of an hour would otherwise ask for less than two heartbeats. */
const msMin = minuteMs;
const msMax = 400 * dayMs;

export function rangeFrom(search: RangeSearch): Range {
  const from = Date.parse(search.from ?? '');
  const to = Date.parse(search.to ?? '');
  if (to > from && to - from <= msMax) {
    const ms = Math.max(to - from, msMin);
    return { span: undefined, hours: ms / hourMs, until: new Date(to).toISOString() };
  }
  const span = spans.find((each) => each === search.range) ?? '1h';
  return { span, hours: hoursOf[span], until: undefined };
}

export function searchOfSpan(span: Span): RangeSearch {
  return span === '1h' ? {} : { range: span };
}

/** Whole seconds: nobody reads an address with more. */
export function searchBetween(fromMs: number, toMs: number): RangeSearch {
  const text = (ms: number) => new Date(Math.round(ms / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');
  const end = Math.max(toMs, fromMs + msMin);
  return { from: text(fromMs), to: text(end) };
}

/** Raw heartbeats where a screen can show them one by one, else the form that gives some two thousand points. */
export function resolutionFor(hours: number): '5m' | '1h' | '1d' | undefined {
  if (hours <= 6) return undefined;
  if (hours <= 8 * 24) return '5m';
  return hours <= 100 * 24 ? '1h' : '1d';
}
