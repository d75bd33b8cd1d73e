import type { JoinedHow } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import { alertRows } from '#modules/alerting';
import type { Tx } from '#platform/db/database';
import { toJson } from '#platform/storable';

/** Writes on which alert belongs to which incident. Only transition.ts calls them. */

export interface NewMember {
  readonly alertId: string;
  readonly incidentId: string;
  readonly fingerprint: string;
  readonly how: JoinedHow;
}

/** An alert that belongs to an incident already stays there. */
export async function insertMembers(
  tx: Tx,
  organizationId: string,
  members: readonly NewMember[],
  now: Date,
): Promise<void> {
  const json = toJson(
    members.map(({ alertId, incidentId, fingerprint, how }) => ({
      alert_id: alertId,
      incident_id: incidentId,
      fingerprint,
      how,
    })),
  );
  await sql`insert into incident_alerts (organization_id, incident_id, alert_id, fingerprint, joined_at, how)
    select ${organizationId}::uuid, incident_id, alert_id, fingerprint, ${now}, how
    from jsonb_to_recordset(${json}::jsonb) as t(alert_id uuid, incident_id uuid, fingerprint text, how text)
    order by alert_id on conflict (alert_id) do nothing`.execute(tx);
}

/** Moves these alerts into another incident. Returns those that moved. */
export async function moveMembers(
  tx: Tx,
  alertIds: readonly string[],
  into: { readonly incidentId: string; readonly how: JoinedHow },
): Promise<string[]> {
  const { rows } = await sql<{ alert_id: string }>`
    update incident_alerts set incident_id = ${into.incidentId}, how = ${into.how}
    where alert_id = any(${[...alertIds]}::uuid[]) and incident_id <> ${into.incidentId} returning alert_id`.execute(
    tx,
  );
  return rows.map((row) => row.alert_id);
}

/** Notes which alerts of these incidents are over. Returns those that ended since the last look, with their titles. */
export async function setRecovered(
  tx: Tx,
  incidentIds: readonly string[],
): Promise<{ incident_id: string; alert_id: string; title: string }[]> {
  const { rows } = await sql<{ incident_id: string; alert_id: string; title: string; is_over: boolean }>`
    update incident_alerts ia set recovered_at = a.resolved_at from ${alertRows} a
    where ia.incident_id = any(${[...incidentIds]}::uuid[]) and a.id = ia.alert_id
      and ia.recovered_at is distinct from a.resolved_at
    returning ia.incident_id, ia.alert_id, a.title, a.resolved_at is not null as is_over`.execute(tx);
  return rows.filter((row) => row.is_over);
}

export async function selectMembers(
  tx: Tx,
  incidentIds: readonly string[],
): Promise<{ incident_id: string; alert_id: string }[]> {
  const { rows } = await sql<{ incident_id: string; alert_id: string }>`
    select incident_id, alert_id from incident_alerts where incident_id = any(${[...incidentIds]}::uuid[])`.execute(
    tx,
  );
  return rows;
}
