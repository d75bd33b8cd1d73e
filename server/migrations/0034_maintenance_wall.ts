import { type Kysely, sql } from 'kysely';

// Compatible: the previous release leaves them empty, and a window without them works as before.
export async function up(db: Kysely<unknown>): Promise<void> {
  // The local times of a recurring window whose first local time does not exist because the clocks change.
  await sql`alter table maintenance_windows add column wall_start text, add column wall_end text`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table maintenance_windows drop column wall_start, drop column wall_end`.execute(db);
}
