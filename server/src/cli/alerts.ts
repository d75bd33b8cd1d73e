import { Command } from 'commander';
import { print, table } from './output.ts';
import { callServer, type RemoteOptions, remoteCommand } from './remote.ts';

interface AlertRow {
  id: string;
  severity: string;
  status: string;
  title: string;
  opened_at: string;
}

export function alertsCommand(): Command {
  const alerts = new Command('alerts').description('list, acknowledge and resolve alerts');
  alerts.addCommand(
    remoteCommand('list')
      .description('alerts, newest first')
      .option('--status <status>', 'open, acknowledged or resolved')
      .option('--limit <count>', 'at most this many', '50')
      .action(async (options: RemoteOptions & { status?: string; limit: string }, command: Command) => {
        const query = new URLSearchParams({
          limit: options.limit,
          ...(options.status === undefined ? {} : { status: options.status }),
        });
        const page = (await callServer(options, 'GET', `/api/v1/${options.org}/alerts?${query}`)) as {
          data: AlertRow[];
        };
        const rows = page.data.map((alert) => [
          alert.id,
          alert.severity,
          alert.status,
          alert.opened_at,
          alert.title,
        ]);
        print(
          command,
          page,
          rows.length === 0
            ? 'No alerts.'
            : table([['ID', 'SEVERITY', 'STATUS', 'OPENED', 'TITLE'], ...rows]),
        );
      }),
  );
  alerts.addCommand(
    remoteCommand('ack')
      .description('acknowledge an alert')
      .argument('<id>')
      .option('--note <text>')
      .action(async (id: string, options: RemoteOptions & { note?: string }, command: Command) => {
        const body = options.note === undefined ? {} : { note: options.note };
        print(
          command,
          await callServer(options, 'POST', `/api/v1/${options.org}/alerts/${id}/acknowledge`, body),
          `Acknowledged ${id}.`,
        );
      }),
  );
  alerts.addCommand(
    remoteCommand('resolve')
      .description('resolve an alert')
      .argument('<id>')
      .requiredOption('--reason <text>')
      .action(async (id: string, options: RemoteOptions & { reason: string }, command: Command) => {
        const body = { reason: options.reason };
        print(
          command,
          await callServer(options, 'POST', `/api/v1/${options.org}/alerts/${id}/resolve`, body),
          `Resolved ${id}.`,
        );
      }),
  );
  return alerts;
}
