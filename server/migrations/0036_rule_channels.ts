import { type Kysely, sql } from 'kysely';

// Compatible: the previous release ignores the column and tells every channel, as before.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- The names, kinds or ids of the channels that a rule tells. Empty: all channels.
    alter table rules add column channels text[] not null default '{}';
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table rules drop column channels`.execute(db);
}
