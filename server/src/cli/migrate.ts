import { Argument, Command } from 'commander';
import { readConfig } from '#config';
import { migrateDown, migrateUp, migrationStatus } from '#platform/db/migrate';
import { createLogger } from '#platform/log';
import { joinConfiguredDatabase } from './database.ts';
import { print } from './output.ts';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring the database up to date, one migration back, or tell where it stands')
    .addArgument(new Argument('<direction>').choices(['up', 'down', 'status']))
    .action(async (direction: 'up' | 'down' | 'status', _options: object, command: Command) => {
      const config = readConfig(process.env);
      const database = await joinConfiguredDatabase(config, createLogger({ level: config.logLevel }));
      try {
        if (direction === 'status') {
          const all = await migrationStatus(database.url);
          const rows = all.map((migration) => ({
            name: migration.name,
            executed_at: migration.executedAt?.toISOString() ?? null,
          }));
          print(
            command,
            rows,
            rows.map((row) => `${row.executed_at === null ? 'pending ' : 'applied '} ${row.name}`).join('\n'),
          );
          return;
        }
        const done = direction === 'up' ? await migrateUp(database.url) : await migrateDown(database.url);
        print(
          command,
          { direction, migrations: done },
          done.length === 0 ? 'Nothing to do.' : `${direction}: ${done.join(', ')}`,
        );
      } finally {
        await database.stop();
      }
    });
}
