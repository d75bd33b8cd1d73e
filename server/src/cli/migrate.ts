import { Argument, type Command } from 'commander';
import { type Config, readConfig } from '#config';
import { migrateDown, migrateUp, migrationStatus } from '#platform/db/migrate';
import { createLogger } from '#platform/log';
import { joinConfiguredDatabase, joinExistingDatabase, type OpenedDatabase } from './database.ts';
import { print } from './output.ts';

type Direction = 'up' | 'down' | 'status';

export function define(command: Command): void {
  command
    .addArgument(new Argument('<direction>').choices(['up', 'down', 'status']))
    .action(async (direction: Direction) => {
      const database = await open(readConfig(process.env), direction);
      try {
        if (direction === 'status') await tellStatus(command, database.url);
        else await migrate(command, database.url, direction);
      } finally {
        await database.stop();
      }
    });
}

/** Only `up` may create a database. */
async function open(config: Config, direction: Direction): Promise<OpenedDatabase> {
  const log = createLogger({ level: config.logLevel });
  return direction === 'up'
    ? await joinConfiguredDatabase(config, log)
    : await joinExistingDatabase(config, log);
}

async function tellStatus(command: Command, url: string): Promise<void> {
  const rows = (await migrationStatus(url)).map((migration) => ({
    name: migration.name,
    executed_at: migration.executedAt?.toISOString() ?? null,
  }));
  const lines = rows.map((row) => `${row.executed_at === null ? 'pending ' : 'applied '} ${row.name}`);
  print(command, rows, lines.join('\n'));
}

async function migrate(command: Command, url: string, direction: 'up' | 'down'): Promise<void> {
  const done = direction === 'up' ? await migrateUp(url) : await migrateDown(url);
  print(
    command,
    { direction, migrations: done },
    done.length === 0 ? 'Nothing to do.' : `${direction}: ${done.join(', ')}`,
  );
}
