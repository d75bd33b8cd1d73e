import { type Kysely, sql } from 'kysely';

// Compatible, except for rules on the user's own metrics: while a server of the previous release still runs, it cannot
// judge them.
export async function up(db: Kysely<unknown>): Promise<void> {
  // Every heartbeat replaces them, and few are ever read. Parsing jsonb was a fifteenth of the cost of storing a
  // heartbeat.
  await sql`alter table device_state alter column metrics type json using metrics::json`.execute(db);
  await sql`alter type telemetry_item alter attribute metrics set data type json`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter type telemetry_item alter attribute metrics set data type jsonb`.execute(db);
  await sql`alter table device_state alter column metrics type jsonb using metrics::jsonb`.execute(db);
}
