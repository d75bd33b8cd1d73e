import { type Kysely, sql } from 'kysely';
import { grantSystemTable } from '../src/platform/db/roles.ts';

// Compatible: the previous release creates no checks from the environment, and edits these like any other.
export async function up(db: Kysely<unknown>): Promise<void> {
  // The server's variable that makes this check, and the variables that each role declares.
  await sql`alter table checks add column environment_key text`.execute(db);
  await sql`create unique index checks_environment on checks (organization_id, environment_key)
    where environment_key is not null`.execute(db);
  await sql`create table environment_checks (role text primary key, keys text[] not null)`.execute(db);
  await grantSystemTable(db, 'environment_checks');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table environment_checks`.execute(db);
  await sql`drop index checks_environment`.execute(db);
  await sql`alter table checks drop column environment_key`.execute(db);
}
