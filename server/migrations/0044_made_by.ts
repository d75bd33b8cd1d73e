import { type Kysely, sql } from 'kysely';

// Compatible: the previous release leaves the new columns empty, and its links stay valid for their time, as before.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Who made it. A link is valid only while that person could still make it.
    alter table invitations add column made_by_kind text, add column made_by_id text;
    alter table setup_links add column made_by_kind text, add column made_by_id text;
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table setup_links drop column made_by_kind, drop column made_by_id;
    alter table invitations drop column made_by_kind, drop column made_by_id;
  `.execute(db);
}
