import { Command } from 'commander';
import { readConfig } from '#config';
import { migrateUp } from '#platform/db/migrate';
import { createLogger } from '#platform/log';
import { createApp } from '../app.ts';
import { joinConfiguredDatabase } from './database.ts';
import { CliError, exitCodes } from './exit.ts';
import { print } from './output.ts';

/** One pass stops here even when more is due; cron calls again. */
const jobsPerPassMax = 10_000;

export function workCommand(): Command {
  return new Command('work')
    .description('do what is due (sweeps, jobs, notifications), then exit: for cron')
    .option('--once', 'one pass')
    .action(async (options: { once?: boolean }, command: Command) => {
      if (options.once !== true)
        throw new CliError(
          'Say "work --once"; for a process that stays, use "serve --role worker".',
          exitCodes.usage,
        );
      const config = readConfig(process.env);
      const log = createLogger({ level: config.logLevel });
      const database = await joinConfiguredDatabase(config, log);
      try {
        await migrateUp(database.url);
        const app = await createApp({ config, databaseUrl: database.url, role: 'worker', log });
        const done = await app.workOnce(jobsPerPassMax);
        await app.stop();
        print(command, done, `${done.periodic} periodic works and ${done.jobs} jobs were due and are done.`);
      } finally {
        await database.stop();
      }
    });
}
