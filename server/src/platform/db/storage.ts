import { statfs } from 'node:fs/promises';
import type pg from 'pg';

/** SQLSTATE disk_full. */
export const diskFull = '53100';
/** After a refusal, the disk counts as full for this long, because successes in between may be reads. */
const refusedMs = 60_000;

/** Below this, PostgreSQL may fail to write its log at any moment: two segments of 16 MB, and a reserve. */
const freeBytesFail = 48 * 1_048_576;
/** Below this, somebody should act: about one day's data of a large fleet. */
const freeBytesWarn = 512 * 1_048_576;

/** Watches the server's answers on our connections. */
export interface StorageWatch {
  /** Monotonic time of the last "disk full" answer. */
  readonly refusedAt: number;
  watch(client: pg.ClientBase): void;
}

export function createStorageWatch(): StorageWatch {
  let refusedAt = Number.NEGATIVE_INFINITY;
  return {
    get refusedAt() {
      return refusedAt;
    },
    watch(client) {
      // Safe because every client of this driver has its connection, and errors pass through it.
      const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
      connection.on('errorMessage', (error: { code?: string }) => {
        if (error.code === diskFull) refusedAt = performance.now();
      });
    },
  };
}

interface StorageCtx {
  readonly db: { readonly health: { readonly storage: Pick<StorageWatch, 'refusedAt'> } };
  readonly config: { readonly databaseUrl?: string | undefined; readonly dataDir: string };
}

export interface StorageState {
  readonly status: 'pass' | 'warn' | 'fail';
  readonly output: string | null;
  /** Free space on the embedded database's volume; null when the disk is not on this machine. */
  readonly freeBytes: number | null;
}

/** Says what still works, for the person who reads it at night. */
export const storageFullWords =
  'The disk of the database is full. Nothing new is stored until there is space. Heartbeats, check-ins, events and changes are refused with storage_full; senders that retry lose nothing. What is stored can still be read.';

/**
 * Only the disk of the embedded database is checked; the disk of a DATABASE_URL server is known only by its
 * refusals.
 */
export async function lookAtStorage({ db, config }: StorageCtx): Promise<StorageState> {
  const { refusedAt } = db.health.storage;
  const dir = config.databaseUrl === undefined ? config.dataDir : undefined;
  const volume = dir === undefined ? undefined : await statfs(dir).catch(() => undefined);
  const freeBytes = volume === undefined ? null : volume.bavail * volume.bsize;
  if (performance.now() - refusedAt < refusedMs || (freeBytes !== null && freeBytes < freeBytesFail))
    return { status: 'fail', output: storageFullWords, freeBytes };
  if (freeBytes !== null && freeBytes < freeBytesWarn)
    return {
      status: 'warn',
      output: `Only ${Math.round(freeBytes / 1_048_576)} MB are left on the disk of the database: make space before it is full.`,
      freeBytes,
    };
  return { status: 'pass', output: null, freeBytes };
}
