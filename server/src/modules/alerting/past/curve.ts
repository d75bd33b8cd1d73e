import type { Reading, RuleSignal } from '../replay.ts';

/** One step of a chart: the extremes of its readings, and the numbers beside the most important reading. */
export interface Step {
  readonly at: Date;
  low: number | null;
  high: number | null;
  limit: number | null;
  beside: number | null;
  samples: number | null;
}

/** A span of time in equal steps. */
export interface Curve {
  readonly from: Date;
  readonly to: Date;
  readonly steps: readonly Step[];
  /** The last instant of each step. A number that stays the same between two points is read there. */
  readonly edges: readonly Date[];
}

export function emptyCurve(from: Date, to: Date, count: number): Curve {
  const stepMs = (to.getTime() - from.getTime()) / count;
  const starts = Array.from({ length: count }, (_, index) => from.getTime() + index * stepMs);
  return {
    from,
    to,
    steps: starts.map((at) => ({
      at: new Date(at),
      ...{ low: null, high: null, limit: null, beside: null, samples: null },
    })),
    edges: starts.map((at) => new Date(at + stepMs - 1)),
  };
}

function stepAt({ from, to, steps }: Curve, at: Date): Step | undefined {
  const share = (at.getTime() - from.getTime()) / (to.getTime() - from.getTime());
  if (share < 0 || share > 1) return undefined;
  return steps[Math.min(steps.length - 1, Math.floor(share * steps.length))];
}

/** How far a reading is past its limit. Without a limit, the size of the reading decides. */
function excess(value: number, limit: number | null, side: RuleSignal['side']): number {
  const past = value - (limit ?? 0);
  return side === 'above' ? past : -past;
}

/**
 * Adds a reading to its step. The step keeps the extremes of all subjects and instants, and the limit of the reading
 * that is furthest past its own limit.
 */
export function noteReading(curve: Curve, side: RuleSignal['side'], at: Date, reading: Reading): void {
  const step = stepAt(curve, at);
  if (step === undefined) return;
  const { value, limit, beside, samples } = reading;
  if (value === null) {
    // While the step has no value, show at least how many events there were.
    if (step.high === null && samples !== null) step.samples = samples;
    return;
  }
  const worst = side === 'above' ? step.high : step.low;
  if (worst === null || excess(value, limit, side) >= excess(worst, step.limit, side))
    Object.assign(step, { limit, beside, samples });
  step.low = Math.min(step.low ?? value, value);
  step.high = Math.max(step.high ?? value, value);
}
