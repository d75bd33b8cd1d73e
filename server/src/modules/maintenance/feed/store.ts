import { sql } from 'kysely';
import { organizationRows } from '#modules/identity';
import type { Tx } from '#platform/db/database';

/** One feed per organization: a new token replaces the old one. */
export async function saveFeed(tx: Tx, organizationId: string, tokenHash: Buffer, at: Date): Promise<void> {
  await sql`insert into maintenance_feeds (organization_id, token_hash, created_at) values (${organizationId}, ${tokenHash}, ${at})
    on conflict (organization_id) do update set token_hash = excluded.token_hash, created_at = excluded.created_at`.execute(
    tx,
  );
}

export async function deleteFeed(tx: Tx, organizationId: string): Promise<boolean> {
  const result = await sql`delete from maintenance_feeds where organization_id = ${organizationId}`.execute(
    tx,
  );
  return (result.numAffectedRows ?? 0n) > 0n;
}

export async function findFeed(
  tx: Tx,
  tokenHash: Buffer,
): Promise<{ organization_id: string; name: string } | undefined> {
  const { rows } = await sql<{ organization_id: string; name: string }>`
    select f.organization_id, o.name from maintenance_feeds f join ${organizationRows} o on o.id = f.organization_id
    where f.token_hash = ${tokenHash}`.execute(tx);
  return rows[0];
}
