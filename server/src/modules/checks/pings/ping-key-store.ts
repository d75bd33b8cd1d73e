import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

export interface PingKeyRow {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly created_at: Date;
}

export async function selectPingKeys(tx: Tx, organizationId: string, limit: number): Promise<PingKeyRow[]> {
  const { rows } = await sql<PingKeyRow>`
    select id, name, key, created_at from ping_keys where organization_id = ${organizationId}
    order by created_at, id limit ${limit}`.execute(tx);
  return rows;
}

export async function countPingKeys(tx: Tx, organizationId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ping_keys where organization_id = ${organizationId}`.execute(tx);
  return rows[0]?.count ?? 0;
}

export async function insertPingKey(tx: Tx, organizationId: string, row: PingKeyRow): Promise<void> {
  await sql`
    insert into ping_keys (organization_id, id, name, key, created_at)
    values (${organizationId}, ${row.id}, ${row.name}, ${row.key}, ${row.created_at})`.execute(tx);
}

export async function deletePingKeyRow(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<PingKeyRow | undefined> {
  const { rows } = await sql<PingKeyRow>`
    delete from ping_keys where organization_id = ${organizationId} and id = ${id}
    returning id, name, key, created_at`.execute(tx);
  return rows[0];
}
