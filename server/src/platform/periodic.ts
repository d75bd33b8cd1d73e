import type { Ctx } from './context.ts';

/**
 * Work that is due again and again. Any worker may run it. A row per name is claimed for each interval, so the work
 * runs once even with many processes. Without any process it is only late.
 */
export interface PeriodicWork {
  readonly name: string;
  readonly everySeconds: (ctx: Ctx) => number;
  /** Deletes or packs old data, so it does not run just after a jump of the clock that decides what is old. */
  readonly ends?: boolean;
  /** A longer round is abandoned and the next one starts; left out: ten minutes. */
  readonly runSecondsMax?: number;
  readonly run: (ctx: Ctx, signal: AbortSignal) => Promise<void>;
}
