import type { Command } from 'commander';
import { readConfig } from '#config';
import { migrateUp } from '#platform/db/migrate';
import { isSchemaCurrent } from '#platform/db/schema-state';
import { createLogger } from '#platform/log';
import { joinExistingDatabase } from './database.ts';
import { CliError, exitCodes } from './exit.ts';
import { print } from './output.ts';

/** One pass stops after this many jobs, even when more are due. cron starts the next pass. */
const jobsPerPassMax = 10_000;

export function define(command: Command): void {
  command.option('--once', 'one pass').action(async (options: { once?: boolean }) => {
    if (options.once !== true)
      throw new CliError(
        'Use "work --once"; for a process that stays, use "serve --role worker".',
        exitCodes.usage,
      );
    const config = readConfig(process.env);
    const log = createLogger({ level: config.logLevel });
    const database = await joinExistingDatabase(config, log);
    try {
      if (!(await isSchemaCurrent(database.url))) await migrateUp(database.url);
      const { createApp } = await import('../app.ts');
      const app = await createApp({
        config,
        databaseUrl: database.url,
        role: 'worker',
        onePass: true,
        log,
        firstStart: false,
      });
      const done = await app.workOnce(jobsPerPassMax);
      await app.stop();
      print(
        command,
        done,
        `${done.periodic} periodic tasks and ${done.jobs} jobs were due and are done; sending was tried for ${done.told} messages.`,
      );
    } finally {
      await database.stop();
    }
  });
}
