import type { Command } from 'commander';
import { CliError, exitCodes } from './exit.ts';
import { withIdentity } from './identity-database.ts';
import { print } from './output.ts';
import { setupBlock } from './setup-block.ts';

export function define(command: Command): void {
  command.action(async () => {
    await withIdentity(async (ctx, { renewSetupLink }) => {
      const link = await renewSetupLink(ctx);
      if (link === null)
        throw new CliError(
          `The first owner exists already: sign in at ${ctx.config.http.publicUrl}. For a lost password, another owner or admin makes a new link under Settings, Members, or you run "watchkeeper password-link <email>" here.`,
          exitCodes.refused,
        );
      print(command, link, setupBlock(link));
    });
  });
}
