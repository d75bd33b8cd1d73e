import { type Kysely, sql } from 'kysely';

// Compatible: a new column that the release before neither reads nor writes.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- The place among the areas of the site; null: nobody has put it anywhere, it follows by its slug.
    alter table areas add column position integer`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table areas drop column position`.execute(db);
}
