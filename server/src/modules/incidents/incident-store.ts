import type { AlertStatus, Priority, PriorityInput, Severity, Verdict } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { toJson } from '#platform/storable';

/** Writes on incidents. Only transition.ts calls them. */

/** What is counted of the alerts of an incident; `{}` until the first count. */
export interface Counts {
  /** The title as it was computed; another title was given by hand. */
  readonly title?: string;
  readonly devices?: number;
  readonly areas?: number;
  readonly sites?: number;
  /** Different alerts. */
  readonly alerts?: number;
  /** How often one of them came again. */
  readonly repeats?: number;
  readonly open?: number;
  readonly muted?: number;
  readonly recovered?: number;
  readonly area_names?: readonly string[];
}

/** Everything of an incident that can change. */
export interface IncidentState {
  readonly group_key: string;
  readonly is_current: boolean;
  readonly title: string;
  readonly severity: Severity;
  readonly status: AlertStatus;
  readonly priority: Priority;
  readonly priority_inputs: readonly PriorityInput[];
  readonly priority_by: string | null;
  readonly priority_reason: string | null;
  readonly verdict: Verdict | null;
  readonly site_id: string | null;
  readonly last_joined_at: Date;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_by: string | null;
  readonly assigned_to: string | null;
  readonly assigned_name: string | null;
  readonly snoozed_until: Date | null;
  readonly resolved_at: Date | null;
  readonly resolved_by: string | null;
  readonly resolved_reason: string | null;
  readonly action_taken: string | null;
  readonly turned_at: Date;
  readonly flapping_since: Date | null;
  readonly muted_by: string | null;
  readonly muted_reason: string | null;
  readonly counts: Counts;
  readonly merged_into: string | null;
  readonly note: string;
}

export interface LockedIncident extends IncidentState {
  readonly id: string;
  readonly organization_id: string;
  readonly number: number;
  readonly opened_at: Date;
}

const columns = sql`organization_id, id, number, opened_at, group_key, is_current, title, severity, status, priority,
  priority_inputs, priority_by, priority_reason, verdict, site_id, last_joined_at, acknowledged_at, acknowledged_by,
  assigned_to, assigned_name, snoozed_until, resolved_at, resolved_by, resolved_reason, action_taken, turned_at,
  flapping_since, muted_by, muted_reason, counts, merged_into, note`;

const types = sql`organization_id uuid, id uuid, number int, opened_at timestamptz, group_key text, is_current boolean,
  title text, severity text, status text, priority text, priority_inputs jsonb, priority_by text, priority_reason text,
  verdict jsonb, site_id uuid, last_joined_at timestamptz, acknowledged_at timestamptz, acknowledged_by text,
  assigned_to uuid, assigned_name text, snoozed_until timestamptz, resolved_at timestamptz, resolved_by text,
  resolved_reason text, action_taken text, turned_at timestamptz, flapping_since timestamptz, muted_by text,
  muted_reason text, counts jsonb, merged_into uuid, note text`;

/** Locks these incidents until the transaction ends. The caller decides by the rows that this returns. */
export async function lockIncidents(tx: Tx, ids: readonly string[]): Promise<LockedIncident[]> {
  const { rows } = await sql<LockedIncident>`
    select ${columns} from incidents where id = any(${[...ids]}::uuid[]) order by id for update`.execute(tx);
  return rows;
}

/** The first of `count` numbers that nobody else gets. */
export async function takeNumbers(tx: Tx, organizationId: string, count: number): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    insert into incident_numbers as n (organization_id, last) values (${organizationId}, ${count})
    on conflict (organization_id) do update set last = n.last + ${count} returning last`.execute(tx);
  return (rows[0]?.last ?? count) - count + 1;
}

export async function insertIncidents(tx: Tx, incidents: readonly LockedIncident[]): Promise<void> {
  await sql`insert into incidents (${columns})
    select ${columns} from jsonb_to_recordset(${toJson(incidents)}::jsonb) as t(${types}) order by id`.execute(
    tx,
  );
}

/** Writes the whole state of incidents that this transaction has locked. */
export async function updateIncidents(tx: Tx, incidents: readonly LockedIncident[]): Promise<void> {
  await sql`update incidents i set group_key = t.group_key, is_current = t.is_current, title = t.title,
      severity = t.severity, status = t.status, priority = t.priority, priority_inputs = t.priority_inputs,
      priority_by = t.priority_by, priority_reason = t.priority_reason, verdict = t.verdict, site_id = t.site_id,
      last_joined_at = t.last_joined_at, acknowledged_at = t.acknowledged_at, acknowledged_by = t.acknowledged_by,
      assigned_to = t.assigned_to, assigned_name = t.assigned_name, snoozed_until = t.snoozed_until,
      resolved_at = t.resolved_at, resolved_by = t.resolved_by, resolved_reason = t.resolved_reason,
      action_taken = t.action_taken, turned_at = t.turned_at, flapping_since = t.flapping_since,
      muted_by = t.muted_by, muted_reason = t.muted_reason, counts = t.counts, merged_into = t.merged_into,
      note = t.note, version = i.version + 1
    from jsonb_to_recordset(${toJson(incidents)}::jsonb) as t(${types}) where i.id = t.id`.execute(tx);
}

/** Deletes incidents that ended before, with their timelines. Returns how many. */
export async function deleteResolvedBefore(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from incidents where id in (
      select id from incidents where status = 'resolved' and resolved_at < ${before} limit ${limit})`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0n);
}

/** How often each of these incidents has escalated. Those that never did are left out. */
export async function countEscalations(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ incident_id: string; times: number }>`
    select incident_id, count(*)::int as times from incident_transitions
    where incident_id = any(${[...ids]}::uuid[]) and kind = 'escalated' group by incident_id`.execute(tx);
  return new Map(rows.map((row) => [row.incident_id, row.times]));
}
