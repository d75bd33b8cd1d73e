import type { CheckResult } from '@watchkeeper/contracts/checks';
import { secondMs } from '../../lib/time';

/** Bars in the picture of ups and downs: as many as a phone still tells apart. */
export const barsMax = 60;

export interface Stretch {
  from: number;
  to: number;
  ok: number;
  failed: number;
  unable: number;
}

/** Runs, newest first: one by one while they are few, else counted in stretches of equal length up to `now`. */
export function stretchesOf(results: readonly CheckResult[], now: number): Stretch[] {
  const oldest = results.at(-1);
  if (oldest === undefined) return [];
  if (results.length <= barsMax) return results.map(stretchOfOne).toReversed();
  const start = Date.parse(oldest.at);
  const step = Math.max(secondMs, (Math.max(now, start) - start) / barsMax);
  const stretches = Array.from({ length: barsMax }, (_, index) => ({
    ...{ from: start + index * step, to: start + (index + 1) * step },
    ...{ ok: 0, failed: 0, unable: 0 },
  }));
  for (const result of results) {
    const index = Math.min(barsMax - 1, Math.floor((Date.parse(result.at) - start) / step));
    const stretch = stretches[Math.max(0, index)];
    if (stretch !== undefined) stretch[result.outcome] += 1;
  }
  return stretches;
}

function stretchOfOne(result: CheckResult): Stretch {
  const at = Date.parse(result.at);
  return { from: at, to: at, ok: 0, failed: 0, unable: 0, [result.outcome]: 1 };
}

/** Share of the runs that passed among those that could look; undefined: none could. */
export function passedShare(results: readonly CheckResult[]): number | undefined {
  const judged = results.filter((result) => result.outcome !== 'unable');
  if (judged.length === 0) return undefined;
  return judged.filter((result) => result.outcome === 'ok').length / judged.length;
}

export const phases = ['dns', 'connect', 'tls', 'wait', 'rest'] as const;
export type Phase = (typeof phases)[number];

export interface TimedRun {
  /** Seconds since 1970. */
  time: number;
  at: string;
  total: number;
  parts: Readonly<Record<Phase, number | null>>;
}

/** Runs that were timed, oldest first, cut into phases that add up to the total. */
export function timedRuns(results: readonly CheckResult[]): TimedRun[] {
  return results
    .filter((result) => result.timings.total_ms !== null)
    .map(({ at, timings }) => {
      const {
        dns_ms: dns,
        connect_ms: connect,
        tls_ms: tls,
        first_byte_ms: first,
        total_ms: total,
      } = timings;
      const before = (dns ?? 0) + (connect ?? 0) + (tls ?? 0);
      const wait = first === null ? null : Math.max(0, first - before);
      const rest = Math.max(0, (total ?? 0) - before - (wait ?? 0));
      return {
        time: Date.parse(at) / secondMs,
        at,
        total: total ?? 0,
        parts: { dns, connect, tls, wait, rest },
      };
    })
    .toReversed();
}

/** Phases that happened in any of them: a plain TCP check has no TLS. */
export function phasesIn(runs: readonly TimedRun[]): Phase[] {
  return phases.filter((phase) => runs.some((run) => run.parts[phase] !== null));
}

export function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
