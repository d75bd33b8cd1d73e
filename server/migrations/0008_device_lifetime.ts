import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: a new table that the previous release neither reads nor writes.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- One row per change of a device's status, for its timeline. Kept for METRICS_RETENTION_DAYS.
    create table device_status_changes (
      organization_id uuid not null,
      device_key integer not null,
      at timestamptz not null,
      -- Breaks ties within a millisecond, in the order of writing.
      id bigint generated always as identity,
      was text not null,
      status text not null
    );
    create index device_status_changes_device on device_status_changes (device_key, at, id);
    create index device_status_changes_at on device_status_changes using brin (at) with (pages_per_range = 32);
  `.execute(db);
  await protectTenantTable(db, 'device_status_changes');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table device_status_changes`.execute(db);
}
