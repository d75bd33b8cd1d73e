import { type Kysely, sql } from 'kysely';

// Compatible: the release before makes no such link and reads those that it knows.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Made at the machine itself, on nobody's word but its operator's: good for accounts of several organizations, too.
    alter table setup_links add column by_operator boolean not null default false;
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table setup_links drop column by_operator`.execute(db);
}
