import { type Kysely, sql } from 'kysely';

// Compatible: the previous release leaves it empty, and adds the action to the reason, as before.
export async function up(db: Kysely<unknown>): Promise<void> {
  // What somebody did about it. Why it is over is in resolved_reason.
  await sql`alter table alerts add column action_taken text`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table alerts drop column action_taken`.execute(db);
}
