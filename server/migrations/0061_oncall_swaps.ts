import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: the release before neither reads nor writes this table.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- A person asks another to take their time on call, perhaps in return for other time.
    create table oncall_swaps (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      schedule_id uuid not null references oncall_schedules on delete cascade,
      asked_by_id uuid not null,
      asked_id uuid not null,
      starts_at timestamptz not null,
      ends_at timestamptz not null,
      return_starts_at timestamptz,
      return_ends_at timestamptz,
      status text not null check (status in ('open', 'accepted', 'declined', 'withdrawn')),
      created_at timestamptz not null,
      answered_at timestamptz,
      check (ends_at > starts_at),
      check ((return_starts_at is null) = (return_ends_at is null)),
      check (return_ends_at > return_starts_at)
    );
    create index oncall_swaps_schedule on oncall_swaps (schedule_id, created_at desc);
  `.execute(db);
  await protectTenantTable(db, 'oncall_swaps');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table oncall_swaps`.execute(db);
}
