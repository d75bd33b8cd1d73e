import { type Kysely, sql } from 'kysely';
import { grantSystemTable } from '../src/platform/db/roles.ts';

// Compatible: the previous release neither writes nor reads it.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Each time the clock went back: how far ahead it had been, and which rows were corrected since.
    create table clock_steps (
      id bigint generated always as identity primary key,
      noticed_at timestamptz not null,
      ahead_ms double precision not null,
      healed_at timestamptz,
      healed jsonb not null default '{}'
    );
  `.execute(db);
  await grantSystemTable(db, 'clock_steps');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table clock_steps`.execute(db);
}
