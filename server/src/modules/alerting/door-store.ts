import { sql } from 'kysely';

/** What higher floors join with; see platform/db/shown.ts. */

export const alertRows = sql`(select organization_id, id, rule_id, rule_name, kind, type, severity, status, subject, site_id,
  device_id, title, why, details, suppressed_by, suppressed_reason, opened_at, acknowledged_at, resolved_at, resolved_by,
  resolved_reason, action_taken from alerts)`;

export const alertTransitionRows = sql`(select organization_id, id, alert_id, at, kind, actor_kind, actor_id, actor_name,
  why, note, details from alert_transitions)`;

export const ruleRows = sql`(select organization_id, id, type, name, kind, enabled, site_id, escalation, channels
  from rules)`;
