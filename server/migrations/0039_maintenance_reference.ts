import { type Kysely, sql } from 'kysely';

// Compatible: the previous release leaves both empty.
export async function up(db: Kysely<unknown>): Promise<void> {
  // Another system's id of the window, and the person that its request named.
  await sql`alter table maintenance_windows add column reference text, add column requested_by text`.execute(
    db,
  );
  await sql`create unique index maintenance_windows_reference on maintenance_windows (organization_id, reference)
    where deleted_at is null and reference is not null`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index maintenance_windows_reference`.execute(db);
  await sql`alter table maintenance_windows drop column reference, drop column requested_by`.execute(db);
}
