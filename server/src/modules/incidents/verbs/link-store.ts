import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import type { LinkRow } from '../inbox/incident-store.ts';

export async function insertLink(
  tx: Tx,
  incident: { readonly id: string; readonly organization_id: string },
  link: LinkRow,
): Promise<void> {
  await sql`insert into incident_links (organization_id, id, incident_id, url, title, added_by, added_at)
    values (${incident.organization_id}, ${link.id}, ${incident.id}, ${link.url}, ${link.title}, ${link.added_by},
      ${link.added_at})`.execute(tx);
}

export async function deleteLink(tx: Tx, id: string): Promise<void> {
  await sql`delete from incident_links where id = ${id}`.execute(tx);
}
