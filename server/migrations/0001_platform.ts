import { type Kysely, sql } from 'kysely';
import { grantSystemTable } from '../src/platform/db/roles.ts';

// Compatible: first release.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table periodic_work (
      name text primary key,
      due_at timestamptz not null,
      started_at timestamptz,
      finished_at timestamptz,
      last_error text
    );
    create table watch_presence (
      process_id uuid primary key,
      role text not null,
      host text not null,
      started_at timestamptz not null,
      beat_at timestamptz not null
    );
    create table watch_state (
      singleton boolean primary key default true check (singleton),
      -- Absence counts from here at the earliest: the end of the last gap in our own watch.
      watching_since timestamptz not null,
      last_beat_at timestamptz not null
    );
    create table idempotency_keys (
      caller text not null,
      key text not null,
      fingerprint bytea not null,
      status integer,
      headers jsonb,
      body text,
      created_at timestamptz not null,
      primary key (caller, key)
    );
    create index idempotency_keys_created_at on idempotency_keys (created_at);
  `.execute(db);
  for (const table of ['periodic_work', 'watch_presence', 'watch_state', 'idempotency_keys']) {
    await grantSystemTable(db, table);
  }
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table idempotency_keys, watch_state, watch_presence, periodic_work`.execute(db);
}
