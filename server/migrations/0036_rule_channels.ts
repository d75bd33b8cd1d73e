import { type Kysely, sql } from 'kysely';

// Compatible: the release before leaves the column alone and tells every channel, as it did.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Names, kinds or ids of the channels that a rule tells; none: all.
    alter table rules add column channels text[] not null default '{}';
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table rules drop column channels`.execute(db);
}
