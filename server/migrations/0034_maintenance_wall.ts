import { type Kysely, sql } from 'kysely';

// Compatible: the release before leaves them empty, and a window without them is as it was.
export async function up(db: Kysely<unknown>): Promise<void> {
  // What stands on the wall where the first time of a recurring window is one that the clocks skip.
  await sql`alter table maintenance_windows add column wall_start text, add column wall_end text`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table maintenance_windows drop column wall_start, drop column wall_end`.execute(db);
}
