import type { ClockRule } from '#platform/clock-step';
import type { Ctx } from '#platform/context';
import type { PeriodicWork } from '#platform/periodic';

/** How a rule kind learns what is usual, apart from judging. It keeps what it learned in a table of its own. */
export interface Learning {
  readonly everySeconds: number;
  /** Set-based, over all organizations. `observe` reads the table that this writes. */
  readonly learn: (ctx: Ctx, signal: AbortSignal) => Promise<void>;
  /** The times in its table, and how to correct them when the clock goes back. */
  readonly clockRules: readonly ClockRule[];
}

interface MayLearn {
  readonly kind: string;
  readonly learns?: Learning;
}

/** The learning of all kinds, each as its own periodic work: one that fails does not delay the others. */
export function learningWork(kinds: readonly MayLearn[]): PeriodicWork[] {
  return kinds.flatMap(({ kind, learns }) =>
    learns === undefined
      ? []
      : [{ name: `alerting.learn.${kind}`, everySeconds: () => learns.everySeconds, run: learns.learn }],
  );
}

export function learnedTimes(kinds: readonly MayLearn[]): ClockRule[] {
  return kinds.flatMap(({ learns }) => learns?.clockRules ?? []);
}
