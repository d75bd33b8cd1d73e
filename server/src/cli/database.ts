import type { Config } from '#config';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '#platform/db/embedded/embedded';
import type { Logger } from '#platform/log';

export interface OpenedDatabase {
  readonly url: string;
  readonly notes: readonly string[];
  stop(): Promise<void>;
}

/** The server named by DATABASE_URL, or the embedded one in DATA_DIR. */
export async function openConfiguredDatabase(config: Config, log: Logger): Promise<OpenedDatabase> {
  if (config.databaseUrl !== undefined) {
    return {
      url: config.databaseUrl,
      notes: ['Database: the PostgreSQL server of DATABASE_URL.'],
      stop: async () => undefined,
    };
  }
  const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
  return {
    url: embedded.url,
    notes: [`Database: embedded PostgreSQL ${embedded.version} in ${config.dataDir}.`, ...embedded.notes],
    stop: () => embedded.stop(),
  };
}

/** For commands beside a server that may be running: its embedded database where there is one, else as above. */
export async function joinConfiguredDatabase(config: Config, log: Logger): Promise<OpenedDatabase> {
  const running = config.databaseUrl === undefined ? await findEmbeddedPostgres(config.dataDir) : null;
  if (running !== null) return { url: running, notes: [], stop: async () => undefined };
  return await openConfiguredDatabase(config, log);
}
