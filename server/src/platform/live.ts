import type { Tx } from './db/database.ts';

/** A change that open screens want to hear of within a second: ids only, never content. */
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
  /** Heard by subscribers once `tx` commits. */
  publish(tx: Tx, change: LiveChange): Promise<void>;
  /** `onChange` also hears `{ topic: 'resync', ids: [] }` after the LISTEN connection was lost and healed. */
  subscribe(organizationId: string | null, onChange: (change: LiveChange) => void): () => void;
}
