import type { Command } from 'commander';
import { readConfig } from '#config';
import { systemClock } from '#platform/clock';
import { createLogger } from '#platform/log';
import { joinExistingDatabase } from './database.ts';
import { CliError, exitCodes } from './exit.ts';
import { print } from './output.ts';
import { setupBlock } from './setup-block.ts';

const databaseMs = 10_000;

export function define(command: Command): void {
  command.action(async () => {
    const config = readConfig(process.env);
    const log = createLogger({ level: config.logLevel });
    const joined = await joinExistingDatabase(config, log);
    try {
      const { openDatabase } = await import('#platform/db/database');
      const { renewSetupLink } = await import('#modules/identity');
      const db = openDatabase({
        url: joined.url,
        poolMax: 1,
        connectTimeoutMs: databaseMs,
        statementTimeoutMs: databaseMs,
        log,
      });
      try {
        const link = await renewSetupLink({ db, config, clock: systemClock });
        if (link === null)
          throw new CliError(
            `The first owner is there already: sign in at ${config.http.publicUrl}. Whoever lost a password gets a new link from another owner or admin, under Settings, Members.`,
            exitCodes.refused,
          );
        print(command, link, setupBlock(link));
      } finally {
        await db.close();
      }
    } finally {
      await joined.stop();
    }
  });
}
