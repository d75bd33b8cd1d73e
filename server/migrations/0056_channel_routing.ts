import { type Kysely, sql } from 'kysely';

// Compatible: the release before neither reads nor writes the column; it tells a routed channel of everything.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table channels
      -- Of which openings it is told, and when: {"matchers": [{name, op, value}], "hours": {...} or null}; null: of all.
      add column routing jsonb check (jsonb_typeof(routing) = 'object')`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table channels drop column routing`.execute(db);
}
