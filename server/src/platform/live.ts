import type { Permission } from '@watchkeeper/contracts';
import type { Tx } from './db/database.ts';

/** A change that open screens should know within a second: only ids, no content. */
export interface LiveChange {
  organizationId: string;
  /** e.g. `alert`, `device`, `site`. */
  topic: string;
  /** At most `liveIdsMax`; empty means "many, read the list again". */
  ids: readonly string[];
}

/** A topic that a module publishes on. The live stream carries only topics that a module declares. */
export interface LiveTopic {
  readonly topic: string;
  /** The permission that a listener needs: the same as for reading the data that changed. */
  readonly permission: Permission;
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
