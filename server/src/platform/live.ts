import type { Tx } from './db/database.ts';

/** A change that open screens should know within a second: only ids, no content. */
export interface LiveChange {
  organizationId: string;
  /** e.g. `alert`, `device`, `site`. */
  topic: string;
  /** At most `liveIdsMax`; empty means "many, read the list again". */
  ids: readonly string[];
}

export const liveIdsMax = 50;

/** LISTEN/NOTIFY between all processes on one database. */
export interface Live {
  /** Subscribers receive it when `tx` commits. */
  publish(tx: Tx, change: LiveChange): Promise<void>;
  /**
   * `onChange` also receives `{ topic: 'resync', ids: [] }` after the LISTEN connection was lost and
   * restored.
   */
  subscribe(organizationId: string | null, onChange: (change: LiveChange) => void): () => void;
}
