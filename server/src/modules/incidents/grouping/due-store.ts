import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

/** Incidents whose snooze is over, and those that flap, oldest change first. Across tenants. */
export async function listDue(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<{ readonly organizationId: string; readonly id: string }[]> {
  const { rows } = await sql<{ organizationId: string; id: string }>`
    (select organization_id as "organizationId", id from incidents
      where snoozed_until is not null and snoozed_until <= ${now} order by snoozed_until limit ${limit})
    union
    (select organization_id, id from incidents where flapping_since is not null order by turned_at limit ${limit})`.execute(
    tx,
  );
  return rows;
}
