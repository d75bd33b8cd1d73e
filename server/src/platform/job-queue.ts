import type { Tx } from './db/database.ts';

export interface EnqueueOptions {
  startAfterSeconds?: number;
  /** While a job with this key waits, another with the same key is not added. */
  singletonKey?: string;
}

/** A job's definition, or its name. */
export type JobName = string | { readonly name: string };

/** Background work on pg-boss. Enqueued inside the caller's transaction: it exists exactly if the change does. */
export interface Jobs {
  enqueue(tx: Tx, job: JobName, payload: object, options?: EnqueueOptions): Promise<void>;
  enqueueMany(tx: Tx, job: JobName, payloads: readonly object[]): Promise<void>;
}
