import type { AlertStatus } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import { alertRows, ruleRows } from '#modules/alerting';
import type { Tx } from '#platform/db/database';

export interface SimilarRow {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly status: AlertStatus;
  readonly opened_at: Date;
  readonly resolved_at: Date | null;
  readonly resolved_by: string | null;
  readonly resolved_reason: string | null;
  readonly action_taken: string | null;
  readonly shared: number;
  /** All of them, also those beyond the limit. */
  readonly total: number;
}

/** Other incidents since `since` with one of the same alerts, newest first. */
export async function listSimilar(
  tx: Tx,
  incident: { readonly id: string; readonly organization_id: string },
  since: Date,
  limit: number,
): Promise<SimilarRow[]> {
  const { rows } = await sql<SimilarRow>`
    select i.id, i.number, i.title, i.status, i.opened_at, i.resolved_at, i.resolved_by, i.resolved_reason,
      i.action_taken, s.shared, (count(*) over ())::int as total
    from (
      select o.incident_id, count(distinct o.fingerprint)::int as shared from incident_alerts o
      where o.organization_id = ${incident.organization_id} and o.incident_id <> ${incident.id}
        and o.joined_at >= ${since}
        and o.fingerprint in (select fingerprint from incident_alerts where incident_id = ${incident.id})
      group by o.incident_id
    ) s join incidents i on i.id = s.incident_id
    where i.opened_at >= ${since} order by i.opened_at desc, i.id desc limit ${limit}`.execute(tx);
  return rows;
}

/** The runbook of the rule of the most severe alert that is not over, or of any alert. */
export async function findRunbook(
  tx: Tx,
  incidentId: string,
): Promise<{ url: string; title: string } | undefined> {
  const { rows } = await sql<{ url: string; title: string }>`
    select r.runbook_url as url, r.name as title
    from incident_alerts ia join ${alertRows} a on a.id = ia.alert_id join ${ruleRows} r on r.id = a.rule_id
    where ia.incident_id = ${incidentId} and r.runbook_url is not null
    order by a.status = 'resolved', array_position('{critical,high,medium,low}'::text[], a.severity), a.opened_at
    limit 1`.execute(tx);
  return rows[0];
}
