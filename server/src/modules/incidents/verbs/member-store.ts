import { sql } from 'kysely';
import { alertRows } from '#modules/alerting';
import type { Tx } from '#platform/db/database';

export interface Member {
  readonly incidentId: string;
  readonly alertId: string;
  readonly resolvedAt: Date | null;
}

/** The alerts of these incidents, also repeats and those that are over. */
export async function selectMembersOf(tx: Tx, incidentIds: readonly string[]): Promise<Member[]> {
  const { rows } = await sql<Member>`
    select ia.incident_id as "incidentId", ia.alert_id as "alertId", a.resolved_at as "resolvedAt"
    from incident_alerts ia join ${alertRows} a on a.id = ia.alert_id
    where ia.incident_id = any(${[...incidentIds]}::uuid[])`.execute(tx);
  return rows;
}
