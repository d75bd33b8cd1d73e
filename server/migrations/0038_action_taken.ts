import { type Kysely, sql } from 'kysely';

// Compatible: the release before leaves it empty, and joins what was done to the reason as it did.
export async function up(db: Kysely<unknown>): Promise<void> {
  // Beside why it is over (resolved_reason): what somebody did about it.
  await sql`alter table alerts add column action_taken text`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table alerts drop column action_taken`.execute(db);
}
