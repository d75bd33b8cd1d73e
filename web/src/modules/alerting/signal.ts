import type { SignalBucket, SignalMeaning } from '@watchkeeper/contracts/alerting';
import { secondMs } from '../../lib/time';
import { medianStep, type Series } from '../telemetry/series';

/** The judged values over time, with their limits; all of one length. */
export interface SignalLine extends Series {
  /** The line it was held against, where it is known. */
  limits: (number | null)[];
  beside: (number | null)[];
}

/** Steps are finer than some devices speak: fewer empty ones in a row than this are no hole. */
const holeFactor = 3;

/** The edge of the readings on which it can go wrong; where nothing was known for long the line has a hole. */
export function lineOf(buckets: readonly SignalBucket[], side: SignalMeaning['side']): SignalLine {
  const edge = side === 'below' ? 'low' : 'high';
  const known = buckets.filter((bucket) => bucket[edge] !== null);
  const times = known.map((bucket) => Date.parse(bucket.at) / secondMs);
  const holeAfter = medianStep(times) * holeFactor;
  const line: SignalLine = { times: [], values: [], limits: [], beside: [] };
  known.forEach((bucket, index) => {
    const time = times[index] ?? 0;
    const before = times[index - 1];
    if (before !== undefined && time - before > holeAfter) {
      line.times.push((before + time) / 2);
      for (const each of [line.values, line.limits, line.beside]) each.push(null);
    }
    line.times.push(time);
    line.values.push(bucket[edge]);
    line.limits.push(bucket.limit);
    line.beside.push(bucket.beside);
  });
  return line;
}

interface Span {
  from: number;
  to: number;
}

/** The time between the openings, in seconds: when the place was closed. */
export function closedSpans(open: readonly { from: string; to: string }[], from: number, to: number): Span[] {
  const spans: Span[] = [];
  let end = from;
  for (const opening of open) {
    const start = Date.parse(opening.from) / secondMs;
    if (start > end) spans.push({ from: end, to: start });
    end = Date.parse(opening.to) / secondMs;
  }
  if (end < to) spans.push({ from: end, to });
  return spans;
}
