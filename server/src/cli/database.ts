import type { Config } from '#config';
import {
  findEmbeddedPostgres,
  hasEmbeddedPostgres,
  startEmbeddedPostgres,
} from '#platform/db/embedded/embedded';
import { hasSchema } from '#platform/db/migrate';
import type { Logger } from '#platform/log';
import { CliError, exitCodes } from './exit.ts';

export interface OpenedDatabase {
  readonly url: string;
  readonly notes: readonly string[];
  stop(): Promise<void>;
}

/** Opens the server named by DATABASE_URL, or starts the embedded one in DATA_DIR. */
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

/**
 * For commands beside a server that may be running: joins its embedded database if it runs, else opens the database as
 * above.
 */
export async function joinConfiguredDatabase(config: Config, log: Logger): Promise<OpenedDatabase> {
  const running = config.databaseUrl === undefined ? await findEmbeddedPostgres(config.dataDir) : null;
  if (running !== null) return { url: running, notes: [], stop: async () => undefined };
  return await openConfiguredDatabase(config, log);
}

/** The same for commands that read or change existing data. @throws CliError when there is no database yet. */
export async function joinExistingDatabase(config: Config, log: Logger): Promise<OpenedDatabase> {
  const inside = config.databaseUrl === undefined;
  if (inside && !(await hasEmbeddedPostgres(config.dataDir))) throw noDatabase(config.dataDir);
  const joined = await joinConfiguredDatabase(config, log);
  try {
    if (await hasSchema(joined.url)) return joined;
    throw noDatabase(inside ? config.dataDir : 'the database of DATABASE_URL');
  } catch (error) {
    await joined.stop();
    throw error;
  }
}

function noDatabase(place: string): CliError {
  return new CliError(
    `${place} holds no Watchkeeper data yet: the first start of the server creates it. If you expected data, check DATA_DIR and DATABASE_URL.`,
    exitCodes.unavailable,
  );
}
