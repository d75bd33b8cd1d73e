import { type Config, readConfig } from '#config';
import { type Clock, systemClock } from '#platform/clock';
import type { Database } from '#platform/db/database';
import { createLogger } from '#platform/log';
import { joinExistingDatabase } from './database.ts';

const databaseMs = 10_000;

interface IdentityCtx {
  readonly db: Database;
  readonly config: Config;
  readonly clock: Clock;
}

/** For commands about accounts: opens the existing database, and loads the code for accounts only now. */
export async function withIdentity(
  work: (ctx: IdentityCtx, identity: typeof import('#modules/identity')) => Promise<void>,
  statementTimeoutMs = databaseMs,
): Promise<void> {
  const config = readConfig(process.env);
  const log = createLogger({ level: config.logLevel });
  const joined = await joinExistingDatabase(config, log);
  try {
    const { openDatabase } = await import('#platform/db/database');
    const identity = await import('#modules/identity');
    const db = openDatabase({
      url: joined.url,
      poolMax: 1,
      connectTimeoutMs: databaseMs,
      statementTimeoutMs,
      log,
    });
    try {
      await work({ db, config, clock: systemClock }, identity);
    } finally {
      await db.close();
    }
  } finally {
    await joined.stop();
  }
}
