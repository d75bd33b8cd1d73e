import { type RawBuilder, sql } from 'kysely';
import { unansweredAlerts } from '#modules/alerting';
import { incidentAlertRows, incidentRows } from '#modules/incidents';
import type { Tx } from '#platform/db/database';

export interface DueEscalation {
  readonly alertId: string;
  readonly incidentId: string;
  readonly ruleId: string;
  /** Which level of the policy is due: 1 is the first. */
  readonly level: number;
  readonly afterSeconds: number;
  readonly channels: readonly string[];
}

/** Alerts whose next level is due at `now`. The next level follows those that are recorded. */
function dueRows(now: Date): RawBuilder<unknown> {
  return sql`(select a.id, i.id as incident_id, p.rule_id, a.escalations + 1 as level, due.at, (due.level ->> 'after_seconds')::float8 as after_seconds,
      due.level -> 'channels' as channels
    from escalation_policies p
    join ${unansweredAlerts(now)} a on a.organization_id = p.organization_id and a.rule_id = p.rule_id
      -- No level is earlier than the first: this finds old enough alerts by their index.
      and a.opened_at <= ${now}::timestamptz - make_interval(secs => (p.levels -> 0 ->> 'after_seconds')::float8)
    -- What somebody has in hand, or nobody is told of, does not escalate.
    join ${incidentAlertRows} m on m.alert_id = a.id
    join ${incidentRows} i on i.id = m.incident_id and i.status = 'open' and i.muted_by is null
      and (i.snoozed_until is null or i.snoozed_until <= ${now}::timestamptz)
    cross join lateral (select p.levels -> a.escalations as level,
      a.opened_at + make_interval(secs => (p.levels -> a.escalations ->> 'after_seconds')::float8) as at) due
    where due.at <= ${now}::timestamptz)`;
}

/** Over all organizations, at most `limit`. */
export async function findDue(tx: Tx, now: Date, limit: number): Promise<DueEscalation[]> {
  const { rows } = await sql<DueEscalation>`
    select id as "alertId", incident_id as "incidentId", rule_id as "ruleId", level, after_seconds as "afterSeconds", channels from ${dueRows(now)} due
    order by id limit ${limit}`.execute(tx);
  return rows;
}

/** How many alerts of all organizations should have escalated, and how long the first of them has been due. */
export async function readOverdue(tx: Tx, now: Date): Promise<{ count: number; oldestSeconds: number }> {
  const { rows } = await sql<{ count: number; oldestSeconds: number }>`
    select count(*)::int as count, coalesce(extract(epoch from ${now}::timestamptz - min(at)), 0)::float8 as "oldestSeconds"
    from ${dueRows(now)} due`.execute(tx);
  return rows[0] ?? { count: 0, oldestSeconds: 0 };
}
