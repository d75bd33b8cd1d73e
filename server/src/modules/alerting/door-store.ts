import { type RawBuilder, sql } from 'kysely';
import { isMuted } from './maintenance/maintenance-store.ts';

/** The rows that modules on higher floors may join with; see platform/db/shown.ts. */

export const alertRows = sql`(select organization_id, id, rule_id, rule_name, kind, type, severity, status, subject, site_id,
  device_id, title, why, details, suppressed_by, suppressed_reason, opened_at, acknowledged_at, resolved_at, resolved_by,
  resolved_reason, action_taken from alerts)`;

export const alertTransitionRows = sql`(select organization_id, id, alert_id, at, kind, actor_kind, actor_id, actor_name,
  why, note, details from alert_transitions)`;

/** Alerts whose opening waits in the outbox, or was given up there. */
export const waitingOpenings = sql`(select alert_id from alert_transitions
  where kind = 'opened' and (planned_at is null or plan_error is not null))`;

export const ruleRows = sql`(select organization_id, id, type, name, kind, enabled, site_id, channels,
  grouping, runbook_url
  from rules)`;

/**
 * Open alerts that nobody has acknowledged and that nothing mutes at `now`. A maintenance that began after the alert
 * mutes it too. `escalations` is how often each has escalated.
 */
export function unansweredAlerts(now: Date): RawBuilder<unknown> {
  return sql`(select a.organization_id, a.id, a.rule_id, a.opened_at,
      case when a.escalated_at is null then 0 else (select count(*)::int from alert_transitions t
        where t.alert_id = a.id and t.kind = 'escalated') end as escalations
    from alerts a where a.status = 'open' and a.suppressed_by is null and not ${isMuted(now)})`;
}
