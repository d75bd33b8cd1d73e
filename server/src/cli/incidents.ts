import type { Command } from 'commander';
import { defineActing } from './incident-verbs.ts';
import { print, table } from './output.ts';
import { callServer, type RemoteOptions, withServer } from './remote.ts';

interface IncidentRow {
  number: number;
  priority: { level: string };
  severity: string;
  status: string;
  title: string;
  opened_at: string;
  assigned_to: { name: string } | null;
}

interface IncidentDetail extends IncidentRow {
  verdict: { kind: string; confidence: number; suggested_cause: string } | null;
  alerts: { alert: { id: string; status: string; title: string }; times: number }[];
  timeline: { at: string; why: string; note: string | null }[];
  note: string;
}

interface ListOptions extends RemoteOptions {
  status: string;
  order: string;
  limit: string;
  priority?: string;
  site?: string;
}

export function define(incidents: Command): void {
  withServer(incidents.command('list'))
    .description('incidents, the most urgent first')
    .option('--status <status>', 'active, open, acknowledged, snoozed or resolved', 'active')
    .option('--priority <level>', 'P1 to P5')
    .option('--site <slug>')
    .option('--order <order>', 'weight or newest', 'weight')
    .option('--limit <count>', 'at most this many', '50')
    .action(async (options: ListOptions, command: Command) => {
      const { status, order, limit, priority, site } = options;
      const query = new URLSearchParams({
        ...{ status, order, limit },
        ...(priority === undefined ? {} : { priority }),
        ...(site === undefined ? {} : { site }),
      });
      const page = (await callServer(options, 'GET', `/api/v1/${options.org}/incidents?${query}`)) as {
        data: IncidentRow[];
      };
      print(
        command,
        page,
        page.data.length === 0 ? 'No incidents.' : table([heads, ...page.data.map(rowOf)]),
      );
    });
  withServer(incidents.command('show'))
    .description('one incident with its alerts and its timeline')
    .argument('<incident>', 'number or id')
    .action(async (incident: string, options: RemoteOptions, command: Command) => {
      const path = `/api/v1/${options.org}/incidents/${encodeURIComponent(incident)}`;
      const found = (await callServer(options, 'GET', path)) as IncidentDetail;
      print(command, found, wordsOf(found));
    });
  defineActing(incidents);
}

const heads = ['NUMBER', 'PRIORITY', 'SEVERITY', 'STATUS', 'OPENED', 'ASSIGNED', 'TITLE'];

function rowOf(incident: IncidentRow): string[] {
  const { number, priority, severity, status, opened_at: opened, assigned_to: assigned, title } = incident;
  return [`#${number}`, priority.level, severity, status, opened, assigned?.name ?? '-', title];
}

function wordsOf(incident: IncidentDetail): string {
  const { verdict, alerts, timeline, note } = incident;
  const cause =
    verdict === null
      ? []
      : [`Probably: ${verdict.suggested_cause} (${Math.round(verdict.confidence * 100)} % sure)`];
  return [
    table([heads, rowOf(incident)]),
    ...cause,
    '',
    table(
      alerts.map(({ alert, times }) => [
        alert.id,
        alert.status,
        times > 1 ? `${alert.title} (${times} times)` : alert.title,
      ]),
    ),
    '',
    table(timeline.map((line) => [line.at, line.note === null ? line.why : `${line.why} "${line.note}"`])),
    ...(note === '' ? [] : ['', note]),
  ].join('\n');
}
