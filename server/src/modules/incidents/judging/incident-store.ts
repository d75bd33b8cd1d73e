import { sql } from 'kysely';
import { alertRows } from '#modules/alerting';
import type { Tx } from '#platform/db/database';
import type { LockedIncident } from '../transition.ts';

/** An incident as it is judged. */
export type JudgedIncident = Pick<
  LockedIncident,
  'id' | 'severity' | 'status' | 'site_id' | 'opened_at' | 'last_joined_at' | 'verdict' | 'counts'
>;

export async function selectJudged(tx: Tx, ids: readonly string[]): Promise<JudgedIncident[]> {
  const { rows } = await sql<JudgedIncident>`
    select id, severity, status, site_id, opened_at, last_joined_at, verdict, counts
    from incidents where id = any(${[...ids]}::uuid[])`.execute(tx);
  return rows;
}

/** Active incidents of all organizations, the newest first. */
export async function selectActive(
  tx: Tx,
  limit: number,
): Promise<{ readonly id: string; readonly organizationId: string }[]> {
  const { rows } = await sql<{ id: string; organizationId: string }>`
    select id, organization_id as "organizationId" from incidents
    where status <> 'resolved' order by opened_at desc, id desc limit ${limit}`.execute(tx);
  return rows;
}

export async function selectIncidentsOf(tx: Tx, alertIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ incident_id: string }>`
    select distinct incident_id from incident_alerts where alert_id = any(${[...alertIds]}::uuid[])`.execute(
    tx,
  );
  return rows.map((row) => row.incident_id);
}

/** The sites that the alerts of an incident are about. */
export interface PlaceOf {
  readonly incident_id: string;
  readonly site_id: string;
}

/** Of one incident at most so many; an incident of more sites counts as wide anyway. */
const sitesMax = 50;

export async function selectPlaces(tx: Tx, incidentIds: readonly string[]): Promise<PlaceOf[]> {
  const { rows } = await sql<PlaceOf>`
    select i.id as incident_id, s.site_id from unnest(${[...incidentIds]}::uuid[]) as i(id)
    cross join lateral (
      select distinct a.site_id from incident_alerts ia join ${alertRows} a on a.id = ia.alert_id
      where ia.incident_id = i.id and a.site_id is not null limit ${sitesMax}
    ) s`.execute(tx);
  return rows;
}

/** A device that an alert of an incident reports as lost. */
export interface LossRow {
  readonly incident_id: string;
  readonly device_id: string;
  /** Last heartbeat before the alert, or when its check failed. */
  readonly from: Date;
  readonly to: Date | null;
}

/** The kinds of rules whose alerts say that a device is lost; an alert about its disk does not. */
const lossKinds = ['absence', 'check_failure'];

/** The newest loss of each device in each incident. */
export async function selectLosses(tx: Tx, incidentIds: readonly string[]): Promise<LossRow[]> {
  const { rows } = await sql<LossRow>`
    select distinct on (ia.incident_id, a.device_id) ia.incident_id, a.device_id,
      coalesce((a.details->>'last_seen_at')::timestamptz, a.opened_at) as "from", a.resolved_at as "to"
    from incident_alerts ia join ${alertRows} a on a.id = ia.alert_id
    where ia.incident_id = any(${[...incidentIds]}::uuid[]) and a.device_id is not null
      and a.kind = any(${lossKinds}::text[])
    order by ia.incident_id, a.device_id, a.opened_at desc, a.id desc`.execute(tx);
  return rows;
}
