import { sql } from 'kysely';

/** The rows that modules on higher floors may join with; see platform/db/shown.ts. */

export const incidentRows = sql`(select organization_id, id, number, group_key, title, severity, status, priority,
  priority_inputs, priority_by, priority_reason, verdict, site_id, opened_at, last_joined_at, acknowledged_at,
  acknowledged_by, assigned_to, assigned_name, snoozed_until, resolved_at, resolved_by, resolved_reason, action_taken,
  flapping_since, muted_by, muted_reason, counts, merged_into, version from incidents)`;

/** Which alert belongs to which incident; an alert belongs to one. */
export const incidentAlertRows = sql`(select organization_id, incident_id, alert_id, fingerprint, joined_at,
  recovered_at, how from incident_alerts)`;

export const incidentTransitionRows = sql`(select organization_id, id, incident_id, at, kind, actor_kind, actor_id,
  actor_name, why, note, details from incident_transitions)`;
