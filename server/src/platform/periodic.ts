import type { Ctx } from './context.ts';

/**
 * Work that is due again and again. Any worker may run it: a row per name is claimed for each
 * interval, so with many processes it still runs once, and with none left it is merely late.
 */
export interface PeriodicWork {
  readonly name: string;
  readonly everySeconds: (ctx: Ctx) => number;
  /** Deletes or packs what is old: not while the clock that says so has just jumped. */
  readonly ends?: boolean;
  /** A round that takes longer is abandoned and the next one starts; left out: ten minutes. */
  readonly runSecondsMax?: number;
  readonly run: (ctx: Ctx, signal: AbortSignal) => Promise<void>;
}
