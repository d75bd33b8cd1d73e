import type { BenchResult } from '../types.ts';
import type { Observed } from './server-bench.ts';

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The median CPU time per request in each process, where there is a /proc to read it from. */
export function cpuResults(name: string, all: readonly Observed[]): BenchResult[] {
  return (['server', 'PostgreSQL', 'load'] as const).flatMap((part) => {
    const values = all.map(({ cpu }) => cpu[part]).filter((value) => value !== undefined);
    return values.length === 0
      ? []
      : [{ name: `CPU of one request, ${name}: ${part}`, value: median(values), unit: 'us' }];
  });
}
