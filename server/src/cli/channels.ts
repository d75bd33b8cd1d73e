import type { Command } from 'commander';
import { readConfig } from '#config';
import type { ChannelSync } from '#modules/delivery';
import { createLogger } from '#platform/log';
import { joinExistingDatabase } from './database.ts';
import { print } from './output.ts';

export function define(channels: Command): void {
  channels
    .command('sync')
    .description(
      'EMAIL_RECIPIENTS, SLACK_WEBHOOK_URL and WEBHOOK_URLS define the channels; other channels of the environment are switched off',
    )
    .action(async (_options: object, command: Command) => {
      const config = readConfig(process.env);
      const log = createLogger({ level: config.logLevel });
      const database = await joinExistingDatabase(config, log);
      try {
        const { createApp } = await import('../app.ts');
        const { syncEnvironmentChannels } = await import('#modules/delivery');
        const app = await createApp({
          config,
          databaseUrl: database.url,
          role: 'worker',
          onePass: true,
          log,
          firstStart: false,
        });
        const sync = await syncEnvironmentChannels(app.ctx).finally(() => app.stop());
        print(command, sync, inWords(sync));
      } finally {
        await database.stop();
      }
    });
}

function inWords({ made, changed, switchedOff }: ChannelSync): string {
  const lines = [
    ...made.map((name) => `made: ${name}`),
    ...changed.map((name) => `changed: ${name}`),
    ...switchedOff.map((name) => `switched off: ${name}`),
  ];
  return lines.length === 0
    ? 'The channels match this environment already; nothing to change.'
    : lines.join('\n');
}
