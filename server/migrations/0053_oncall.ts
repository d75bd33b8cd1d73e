import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: the release before neither reads nor writes these tables.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table oncall_teams (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      name text not null,
      -- Accounts. Those who have left the organization are passed over.
      members uuid[] not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      version integer not null default 1
    );
    create unique index oncall_teams_name on oncall_teams (organization_id, lower(name));

    create table oncall_schedules (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      name text not null,
      timezone text not null,
      team_id uuid references oncall_teams on delete set null,
      -- In order, the last one counts most: the shape of the contract.
      layers jsonb not null check (jsonb_typeof(layers) = 'array'),
      created_at timestamptz not null,
      updated_at timestamptz not null,
      version integer not null default 1
    );
    create unique index oncall_schedules_name on oncall_schedules (organization_id, lower(name));
    create index oncall_schedules_team on oncall_schedules (team_id);

    create table oncall_overrides (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      schedule_id uuid not null references oncall_schedules on delete cascade,
      user_id uuid not null,
      starts_at timestamptz not null,
      ends_at timestamptz not null,
      reason text not null,
      created_by_id text not null,
      created_by text not null,
      created_at timestamptz not null,
      check (ends_at > starts_at)
    );
    create index oncall_overrides_schedule on oncall_overrides (schedule_id, ends_at);
  `.execute(db);
  for (const table of ['oncall_teams', 'oncall_schedules', 'oncall_overrides'])
    await protectTenantTable(db, table);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table oncall_overrides, oncall_schedules, oncall_teams`.execute(db);
}
