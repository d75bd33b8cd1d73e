import type { Command } from 'commander';
import { print, table } from './output.ts';
import { callServer, type RemoteOptions, withServer } from './remote.ts';

interface AlertRow {
  id: string;
  severity: string;
  status: string;
  title: string;
  opened_at: string;
}

export function define(alerts: Command): void {
  withServer(alerts.command('list'))
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
        rows.length === 0 ? 'No alerts.' : table([['ID', 'SEVERITY', 'STATUS', 'OPENED', 'TITLE'], ...rows]),
      );
    });
  withServer(alerts.command('ack'))
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
    });
  withServer(alerts.command('resolve'))
    .description('resolve an alert')
    .argument('<id>')
    .requiredOption('--reason <text>')
    .option('--action <text>', 'what was done about it')
    .action(
      async (id: string, options: RemoteOptions & { reason: string; action?: string }, command: Command) => {
        const { reason, action } = options;
        const body = { reason, ...(action === undefined ? {} : { action_taken: action }) };
        print(
          command,
          await callServer(options, 'POST', `/api/v1/${options.org}/alerts/${id}/resolve`, body),
          `Resolved ${id}.`,
        );
      },
    );
}
