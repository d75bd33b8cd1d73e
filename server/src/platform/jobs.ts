import type { Static, TSchema } from 'typebox';
import type { Ctx } from './context.ts';

export type { EnqueueOptions, Jobs } from './job-queue.ts';

/** How a job is retried and how much of it runs at once; every number has a default in boss.ts. */
export interface JobOptions {
  readonly retryLimit?: number;
  readonly retryDelaySeconds?: number;
  /** Exponential back-off with jitter up to this many seconds. */
  readonly retryDelayMaxSeconds?: number;
  /** Longer than this and the job counts as lost and is retried. */
  readonly expireInSeconds?: number;
  /** Jobs of this name that one process runs side by side. */
  readonly concurrency?: number;
}

/** One kind of background work: name, payload schema and handler in one place. */
export interface JobDefinition<S extends TSchema = TSchema> {
  readonly name: string;
  readonly schema: S;
  readonly options: JobOptions;
  readonly handler: (ctx: Ctx, payload: Static<S>, run: JobRun) => Promise<void>;
}

export interface JobRun {
  readonly id: string;
  /** 0 on the first try. */
  readonly retryCount: number;
  readonly signal: AbortSignal;
}

export function defineJob<S extends TSchema>(definition: JobDefinition<S>): JobDefinition {
  // Safe because the worker parses every payload against `schema` before it calls the handler.
  return definition as unknown as JobDefinition;
}
