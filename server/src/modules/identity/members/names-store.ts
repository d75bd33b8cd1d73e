import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

/** The members of an organization: the name of each account, by its id. */
export async function listMemberNames(tx: Tx, organizationId: string): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    select u.id, u.name from members m join users u on u.id = m.user_id where m.organization_id = ${organizationId}`.execute(
    tx,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
