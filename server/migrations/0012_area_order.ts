import { type Kysely, sql } from 'kysely';

// Compatible: a new column that the previous release neither reads nor writes.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- The position among the areas of the site. null: not set, then ordered by slug.
    alter table areas add column position integer`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table areas drop column position`.execute(db);
}
