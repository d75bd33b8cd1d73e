import { type Kysely, sql } from 'kysely';

// Compatible: the previous release makes no such link, and reads those that it knows.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Made on the machine itself by its operator, so it also works for accounts of several organizations.
    alter table setup_links add column by_operator boolean not null default false;
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table setup_links drop column by_operator`.execute(db);
}
