import { type Kysely, sql } from 'kysely';

// Compatible: the release before leaves the new columns empty, and what it makes is good for its time, as it was.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- On whose word: a link is good only while whoever made it could make it again.
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
