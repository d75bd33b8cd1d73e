import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: the release before neither reads nor writes this table.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- A secret address from which a calendar program reads: the shifts of one person, or of one schedule.
    create table oncall_feeds (
      organization_id uuid not null references organizations on delete cascade,
      token_hash bytea primary key,
      user_id uuid,
      schedule_id uuid references oncall_schedules on delete cascade,
      created_at timestamptz not null,
      check ((user_id is null) <> (schedule_id is null)),
      unique (organization_id, user_id),
      unique (schedule_id)
    );
  `.execute(db);
  await protectTenantTable(db, 'oncall_feeds');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table oncall_feeds`.execute(db);
}
