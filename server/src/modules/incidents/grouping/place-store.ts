import { sql } from 'kysely';
import { alertRows } from '#modules/alerting';
import type { Tx } from '#platform/db/database';

/** Reads where alerts may go. */

/** One organization at a time is grouped by one process. False: another process does, and takes these rows as well. */
export async function tryLockGrouping(tx: Tx, organizationId: string): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('incidents ' || ${organizationId}, 0)) as locked`.execute(
    tx,
  );
  return rows[0]?.locked === true;
}

/** Waits until no other process groups alerts of the organization. */
export async function lockGrouping(tx: Tx, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('incidents ' || ${organizationId}, 0))`.execute(tx);
}

export interface Before {
  readonly fingerprint: string;
  readonly incidentId: string;
  /** When it ended there; null: it is not over. */
  readonly endedAt: Date | null;
}

/** By fingerprint: the incident that it was in last. */
export async function readBefore(
  tx: Tx,
  organizationId: string,
  fingerprints: readonly string[],
): Promise<Before[]> {
  const { rows } = await sql<Before>`
    select f.fingerprint, l.incident_id as "incidentId", l.resolved_at as "endedAt"
    from unnest(${[...new Set(fingerprints)]}::text[]) as f (fingerprint)
    cross join lateral (
      select ia.incident_id, a.resolved_at from incident_alerts ia join ${alertRows} a on a.id = ia.alert_id
      where ia.organization_id = ${organizationId} and ia.fingerprint = f.fingerprint
      order by ia.joined_at desc, a.opened_at desc, ia.alert_id desc limit 1
    ) l`.execute(tx);
  return rows;
}

/** The ids of the incidents that take alerts with these keys, of `ids`, and of those that any of them was merged into. */
export async function findPlaces(
  tx: Tx,
  organizationId: string,
  keys: readonly string[],
  ids: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive found as (
      select id, merged_into from incidents
      where organization_id = ${organizationId}
        and ((is_current and group_key = any(${[...new Set(keys)]}::text[])) or id = any(${[...new Set(ids)]}::uuid[]))
      union
      select i.id, i.merged_into from found join incidents i on i.id = found.merged_into
    ) select id from found`.execute(tx);
  return rows.map((row) => row.id);
}

/** When the last alert of each incident ended; null: one is not over. Incidents without alerts are left out. */
export async function readEnds(
  tx: Tx,
  incidentIds: readonly string[],
): Promise<ReadonlyMap<string, Date | null>> {
  const { rows } = await sql<{ incident_id: string; ended_at: Date | null }>`
    select ia.incident_id,
      case when bool_and(a.resolved_at is not null) then max(a.resolved_at) end as ended_at
    from incident_alerts ia join ${alertRows} a on a.id = ia.alert_id
    where ia.incident_id = any(${[...incidentIds]}::uuid[]) group by ia.incident_id`.execute(tx);
  return new Map(rows.map((row) => [row.incident_id, row.ended_at]));
}

/** Of these alerts those that belong to the incident, with all their repeats; and how many others it has. */
export async function listMembersAmong(
  tx: Tx,
  incidentId: string,
  alertIds: readonly string[],
): Promise<{ readonly named: number; readonly leaving: readonly string[]; readonly staying: number }> {
  const { rows } = await sql<{ alert_id: string; is_named: boolean; leaves: boolean }>`
    select ia.alert_id, ia.alert_id = any(${[...alertIds]}::uuid[]) as is_named,
      ia.fingerprint in (select o.fingerprint from incident_alerts o
        where o.incident_id = ${incidentId} and o.alert_id = any(${[...alertIds]}::uuid[])) as leaves
    from incident_alerts ia where ia.incident_id = ${incidentId} order by ia.alert_id`.execute(tx);
  const leaving = rows.filter((row) => row.leaves);
  return {
    named: rows.filter((row) => row.is_named).length,
    leaving: leaving.map((row) => row.alert_id),
    staying: rows.length - leaving.length,
  };
}
