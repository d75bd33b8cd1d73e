import { severities } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import { alertRows } from '#modules/alerting';
import { areaRows, deviceRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';
import type { IncidentFacts } from './settle.ts';

const areaNamesMax = 20;
const rank = sql`array_position(${[...severities]}::text[], a.severity)`;
const isOpen = sql`a.status <> 'resolved' and a.suppressed_by is null`;
const isMuted = sql`a.status <> 'resolved' and a.suppressed_by is not null`;
const severityOf = (number: ReturnType<typeof sql>) => sql`(${[...severities]}::text[])[${number}]`;

/** Counts the alerts of each incident. Incidents without alerts are left out. */
export async function readFacts(
  tx: Tx,
  incidentIds: readonly string[],
): Promise<ReadonlyMap<string, IncidentFacts>> {
  const { rows } = await sql<IncidentFacts & { incidentId: string }>`
    select ia.incident_id as "incidentId", count(distinct ia.fingerprint)::int as alerts, count(*)::int as members,
      (count(*) filter (where ${isOpen}))::int as open,
      (count(*) filter (where ${isOpen} and a.status = 'acknowledged'))::int as acknowledged,
      (count(*) filter (where ${isMuted}))::int as muted,
      (count(*) filter (where a.status = 'resolved'))::int as recovered,
      count(distinct a.device_id)::int as devices, count(distinct d.area_id)::int as areas,
      count(distinct a.site_id)::int as sites,
      coalesce((array_agg(distinct ar.name order by ar.name) filter (where ar.name is not null))[1:${sql.lit(areaNamesMax)}], '{}') as "areaNames",
      ${severityOf(sql`min(${rank}) filter (where ${isOpen})`)} as severity,
      ${severityOf(sql`min(${rank})`)} as "severityOfAll",
      (array_agg(a.suppressed_by order by a.opened_at, a.id) filter (where ${isMuted}))[1] as "mutedBy",
      (array_agg(a.suppressed_reason order by a.opened_at, a.id) filter (where ${isMuted}))[1] as "mutedReason",
      case when count(distinct a.site_id) = 1 and count(a.site_id) = count(*) then min(a.site_id::text)::uuid end as "siteId",
      (array_agg(a.title order by a.suppressed_by is not null, a.opened_at, a.id))[1] as title,
      max(a.opened_at) as "lastOpenedAt", max(a.resolved_at) as "endedAt",
      (array_agg(a.resolved_reason order by a.resolved_at desc, a.id) filter (where a.resolved_at is not null))[1] as "endedReason",
      (array_agg(a.action_taken order by a.resolved_at desc, a.id) filter (where a.resolved_at is not null))[1] as "actionTaken"
    from incident_alerts ia join ${alertRows} a on a.id = ia.alert_id
    left join ${deviceRows} d on d.id = a.device_id left join ${areaRows} ar on ar.id = d.area_id
    where ia.incident_id = any(${[...incidentIds]}::uuid[]) group by ia.incident_id`.execute(tx);
  return new Map(rows.map(({ incidentId, ...facts }) => [incidentId, facts]));
}

/** How often each incident began or ended since `since`. */
export async function countTurns(
  tx: Tx,
  incidentIds: readonly string[],
  since: Date,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ incident_id: string; turns: number }>`
    select incident_id, count(*)::int as turns from incident_transitions
    where incident_id = any(${[...incidentIds]}::uuid[]) and kind in ('opened', 'resolved', 'reopened') and at > ${since}
      -- What people do is no flapping.
      and not coalesce((details ->> 'by_hand')::boolean, false)
    group by incident_id`.execute(tx);
  return new Map(rows.map((row) => [row.incident_id, row.turns]));
}
