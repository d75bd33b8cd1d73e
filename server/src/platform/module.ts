import type { ClockRule } from './clock-step.ts';
import type { Ctx } from './context.ts';
import type { Subscription } from './events.ts';
import type { App } from './http/app.ts';
import type { JobDefinition } from './jobs.ts';
import type { PeriodicWork } from './periodic.ts';

/**
 * What a module contributes to the house; app.ts lists them floor by floor. `routes` runs in every
 * process that serves HTTP; `jobs`, `subscriptions` and `periodic` run in every worker; `start` in all.
 */
export interface Module {
  readonly name: string;
  readonly routes?: (app: App, ctx: Ctx) => void | Promise<void>;
  readonly jobs?: readonly JobDefinition[];
  readonly subscriptions?: readonly Subscription[];
  readonly periodic?: readonly PeriodicWork[];
  /** Times of its rows, and what becomes of them when the clock goes back. */
  readonly clockRules?: readonly ClockRule[];
  /** Owned resources (buffers, caches, listeners). Disposed in reverse order on stop. */
  readonly start?: (ctx: Ctx) => Promise<AsyncDisposable | undefined>;
  /** Begins work of its own rhythm in every worker, once the house is up; `start`'s resource ends it. */
  readonly work?: (ctx: Ctx) => void;
  /** The same, once, for `watchkeeper work --once`: after all jobs, until nothing is due. Returns how much was done. */
  readonly workOnce?: (ctx: Ctx, signal: AbortSignal) => Promise<number>;
}
