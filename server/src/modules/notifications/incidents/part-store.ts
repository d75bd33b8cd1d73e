import { sql } from 'kysely';
import { incidentAlertRows } from '#modules/incidents';
import type { Tx } from '#platform/db/database';

/** The incident of an alert; none: it has none yet. */
export async function selectIncidentsOf(tx: Tx, alertId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select m.incident_id as id from ${incidentAlertRows} m where m.alert_id = ${alertId}`.execute(tx);
  return rows.map((row) => row.id);
}
