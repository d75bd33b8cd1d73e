import type { HistoryPoint } from '@watchkeeper/contracts/telemetry';
import { secondMs } from '../../lib/time';

/** The figure every device has: how long each heartbeat was awaited. */
export const gapFigure = 'gap';

export interface Series {
  /** Seconds since 1970, rising, as charts take them. */
  times: number[];
  values: (number | null)[];
}

interface Summary {
  avg: number;
}

function numberOf(value: number | Summary | undefined): number | null {
  if (value === undefined) return null;
  return typeof value === 'number' ? value : value.avg;
}

/** The figures that occur in the history, the most frequent names first come first. */
export function figuresIn(points: readonly HistoryPoint[]): string[] {
  const names = new Set<string>();
  for (const point of points) {
    for (const name of Object.keys(point.values)) names.add(name);
    for (const name of Object.keys(point.metrics ?? {})) names.add(name);
  }
  return [...names];
}

/** A silence this many times the usual pace is a hole in the line, not a slope across it. */
const holeFactor = 3;

/** The usual pace of these times. */
export function medianStep(times: readonly number[]): number {
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  steps.sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 0;
}

/** One figure over time. Where the device was silent the line has a hole. */
export function seriesOf(points: readonly HistoryPoint[], figure: string): Series {
  const ordered = points.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  if (figure === gapFigure) return gapSeries(ordered);
  const all = ordered.map((point) => Date.parse(point.at) / secondMs);
  const holeAfter = medianStep(all) * holeFactor;
  const series: Series = { times: [], values: [] };
  let before: number | undefined;
  ordered.forEach((point, index) => {
    const time = all[index] ?? 0;
    if (before !== undefined && holeAfter > 0 && time - before > holeAfter) {
      series.times.push((before + time) / 2);
      series.values.push(null);
    }
    before = time;
    series.times.push(time);
    series.values.push(numberOf(point.values[figure] ?? point.metrics?.[figure]));
  });
  return series;
}

function gapSeries(ordered: readonly HistoryPoint[]): Series {
  const times = ordered.map((point) => Date.parse(point.at) / secondMs);
  // Summed up, the steps are those of the buckets: how many came in each says what there is to say.
  if (ordered.some((point) => point.count !== undefined))
    return { times, values: ordered.map((point) => point.count ?? null) };
  return {
    times: times.slice(1),
    values: times.slice(1).map((time, index) => time - (times[index] ?? time)),
  };
}

export function rangeOf(values: readonly (number | null)[]): { low: number; high: number } | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? { low, high } : undefined;
}
