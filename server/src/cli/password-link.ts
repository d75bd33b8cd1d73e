import type { Command } from 'commander';
import { CliError, exitCodes } from './exit.ts';
import { withIdentity } from './identity-database.ts';
import { print } from './output.ts';

export function define(command: Command): void {
  command.argument('<email>', 'of the account').action(async (email: string) => {
    await withIdentity(async (ctx, { makeOperatorLink }) => {
      const link = await makeOperatorLink(ctx, email.trim());
      if (link === undefined)
        throw new CliError(`There is no account with the address ${email}.`, exitCodes.refused);
      print(
        command,
        link,
        `${link.url}\n\nWith this link the owner of ${email} chooses a new password. It works once, for 24 hours.`,
      );
    });
  });
}
