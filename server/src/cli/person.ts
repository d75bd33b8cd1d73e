import type { Command } from 'commander';
import { createLive } from '#platform/live-postgres';
import { createLogger } from '#platform/log';
import { CliError, exitCodes } from './exit.ts';
import { withIdentity } from './identity-database.ts';
import { print } from './output.ts';

/** What Watchkeeper keeps of one person. */
export function define(person: Command): void {
  person
    .command('export')
    .description('print what is kept of a person, as JSON')
    .argument('<email>', 'of the person')
    .action(async (email: string) => {
      await withIdentity(async (ctx, { exportPerson }) => {
        const { modules } = await import('../app.ts');
        const exported = await exportPerson(ctx, modules, email);
        if (exported === undefined) throw nothingOf(email);
        process.stdout.write(`${JSON.stringify(exported, null, 2)}\n`);
      }, searchMs);
    });
  person
    .command('erase')
    .description('erase a person; records that must stay keep an alias')
    .argument('<email>', 'of the person')
    .option('--yes', 'do it: it cannot be taken back')
    .action(async (email: string, { yes }: { yes?: boolean }, command: Command) => {
      if (yes !== true)
        throw new CliError(
          `This deletes the account of ${email} and everything that is only theirs, and cannot be taken back. "watchkeeper person export" shows it. To go on, add --yes.`,
          exitCodes.refused,
        );
      await withIdentity(async (ctx, { erasePerson }) => {
        const { modules } = await import('../app.ts');
        // Only to publish: it opens no connection of its own.
        const live = createLive(ctx.db, createLogger({ level: ctx.config.logLevel }));
        const erased = await erasePerson({ ...ctx, live }, modules, email);
        if (erased === undefined) throw nothingOf(email);
        const left = erased.left.map(({ column, rows }) => `\n  ${column}: ${rows}`).join('');
        print(
          command,
          erased,
          left === ''
            ? `Erased. Records that had to stay name "${erased.alias}".`
            : `Erased; records that had to stay name "${erased.alias}". The address or the name still stands in texts that people wrote, by column and number of rows. Change them by hand:${left}`,
        );
      }, searchMs);
    });
}

/** A search through every text of the database takes its time. */
const searchMs = 600_000;

function nothingOf(email: string): CliError {
  return new CliError(`Nothing is kept of ${email}.`, exitCodes.refused);
}
