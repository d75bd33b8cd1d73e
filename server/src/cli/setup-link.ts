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
          `The first owner is there already: sign in at ${ctx.config.http.publicUrl}. Whoever lost a password gets a new link from another owner or admin, under Settings, Members, or by "watchkeeper password-link <email>" here.`,
          exitCodes.refused,
        );
      print(command, link, setupBlock(link));
    });
  });
}
