import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

/** Two files at once for one organization would plan on each other's unfinished work. */
export async function lockManifest(tx: Tx, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`inventory.manifest:${organizationId}`}, 0))`.execute(
    tx,
  );
}
