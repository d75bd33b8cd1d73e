import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sourceFiles } from './files.ts';
import { tablesIn } from './sql-text.ts';

/** The owner of each table. Only its own folder names it in SQL; others use the rows at the owner's door. */
export const owners: Readonly<Record<string, string>> = {
  platform:
    'clock_steps domain_events idempotency_keys install monitoring_settings periodic_work watch_gaps watch_presence watch_state',
  identity:
    'accounts api_keys audit_log device_tokens identity_keys invitations members organizations sessions setup_links users verifications',
  inventory: 'areas device_dependencies device_types devices sites',
  sources: 'source_readings sources',
  telemetry:
    'device_state device_status_changes event_counts event_keys events heartbeat_chunks heartbeat_days heartbeat_rollups heartbeats heartbeats_late late_spans metric_points past_silences removed_devices rollup_dirty rollup_progress telemetry_words',
  maintenance:
    'maintenance_feeds maintenance_run_covers maintenance_runs maintenance_scopes maintenance_windows',
  oncall: 'oncall_feeds oncall_overrides oncall_schedules oncall_swaps oncall_teams',
  checks:
    'check_dependencies check_pauses check_pings check_results check_spans check_spans_progress check_state check_workers checks environment_checks ping_checks ping_journal ping_keys source_observations',
  alerting:
    'alert_transitions alert_views alerts detection_state maintenance_shown rule_pending rule_revisions rules',
  incidents:
    'incident_alerts incident_links incident_numbers incident_settings incident_transitions incidents',
  delivery:
    'channel_callbacks channels environment_declarations notification_messages notifications recipient_confirmations recipients',
  notifications: 'escalation_policies',
  operations: 'service_health',
  workflows: 'workflow_checklists workflow_messages workflow_runs workflow_stops workflows',
};

/**
 * Reads that still bypass a door: file and table. The list may only get shorter. Remove an entry when its read is
 * corrected.
 */
const knownBreaches: readonly string[] = [];

/**
 * Proves that a table is named only by the module that owns it. Tests and fixtures are not checked: they may read
 * everything.
 */
export async function checkTables(root: string): Promise<string[]> {
  const schema = await readFile(path.join(root, 'server', 'db', 'schema.generated.sql'), 'utf8');
  const tables = tablesOf(schema);
  const homes = homesOf(owners);
  const breaches = new Map<string, string>();
  const source = path.join(root, 'server', 'src');
  for (const file of await sourceFiles(source)) {
    const place = path.relative(source, file).split(path.sep).join('/');
    for (const { table, line } of tablesIn(await readFile(file, 'utf8'), (name) => tables.has(name))) {
      const home = homes.get(table);
      if (home !== undefined && home !== homeOf(place)) breaches.set(`${place} ${table}`, `${place}:${line}`);
    }
  }
  return [...ownerFaults(tables, owners), ...breachFaults(breaches, knownBreaches, homes)];
}

export function tablesOf(schema: string): Set<string> {
  return new Set([...schema.matchAll(/^create table (\w+)/gm)].map(([, name = '']) => name));
}

function homesOf(owned: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(
    Object.entries(owned).flatMap(([home, names]) => names.split(' ').map((name) => [name, home])),
  );
}

/** Tables without an owner, with two owners, or that no longer exist. */
export function ownerFaults(tables: ReadonlySet<string>, owned: Readonly<Record<string, string>>): string[] {
  const named = Object.values(owned).flatMap((names) => names.split(' '));
  return [
    ...[...tables]
      .filter((table) => !named.includes(table))
      .map((table) => `table "${table}" has no owner in scripts/check/tables.ts`),
    ...named
      .filter((table, index) => named.indexOf(table) !== index)
      .map((table) => `table "${table}" has two owners in scripts/check/tables.ts`),
    ...named
      .filter((table) => !tables.has(table))
      .map((table) => `scripts/check/tables.ts owns "${table}", which is not in the schema`),
  ];
}

export function breachFaults(
  breaches: ReadonlyMap<string, string>,
  known: readonly string[],
  homes: ReadonlyMap<string, string>,
): string[] {
  return [
    ...[...breaches]
      .filter(([breach]) => !known.includes(breach))
      .map(([breach, where]) => {
        const table = breach.split(' ')[1] ?? '';
        return `server/src/${where}: names table "${table}" of ${homes.get(table)}; take what its door shows`;
      }),
    ...known
      .filter((breach) => !breaches.has(breach))
      .map((breach) => `"${breach}" is mended: take it off the known breaches in scripts/check/tables.ts`),
  ];
}

function homeOf(place: string): string {
  const [first = '', second = ''] = place.split('/');
  return first === 'modules' ? second : first;
}
