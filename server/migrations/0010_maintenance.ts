import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: new tables only.
export async function up(db: Kysely<unknown>): Promise<void> {
  await createWindows(db);
  await createRuns(db);
  for (const table of tables) await protectTenantTable(db, table);
}

const tables = [
  'maintenance_windows',
  'maintenance_scopes',
  'maintenance_runs',
  'maintenance_feeds',
  'maintenance_shown',
];

async function createWindows(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table maintenance_windows (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      slug text not null,
      -- null: the whole organization.
      site_id uuid,
      start_at timestamptz not null,
      end_at timestamptz not null,
      timezone text not null,
      -- RFC 5545 RRULE; null: once. Occurrences are computed, never stored.
      recurrence text,
      reason text not null,
      suppress_alerts boolean not null,
      auto_reply text,
      -- The running occurrence, else the next one. null: there will be none.
      current_start timestamptz,
      current_end timestamptz,
      -- The run that is open, if any.
      run_id uuid,
      version integer not null default 1,
      created_by_kind text not null,
      created_by_id text not null,
      created_by_name text not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      -- Its runs and their reports outlive it.
      deleted_at timestamptz,
      check (end_at > start_at),
      check (current_end > current_start),
      unique (organization_id, id),
      -- A window for one place is deleted with the place: it must not widen to all places.
      foreign key (organization_id, site_id) references sites (organization_id, id) on delete cascade
    );
    create unique index maintenance_windows_slug on maintenance_windows (organization_id, slug) where deleted_at is null;
    create index maintenance_windows_due on maintenance_windows (current_start) where deleted_at is null and current_start is not null;
    create index maintenance_windows_by_time on maintenance_windows (organization_id, created_at desc, id desc) where deleted_at is null;
    create table maintenance_scopes (
      organization_id uuid not null,
      window_id uuid not null,
      kind text not null check (kind in ('all', 'area', 'device', 'device_type')),
      area_id uuid,
      device_id uuid,
      device_type_id uuid,
      check (num_nonnulls(area_id, device_id, device_type_id) = (kind <> 'all')::int),
      foreign key (organization_id, window_id) references maintenance_windows (organization_id, id) on delete cascade,
      foreign key (organization_id, area_id) references areas (organization_id, id) on delete cascade,
      foreign key (organization_id, device_id) references devices (organization_id, id) on delete cascade,
      foreign key (organization_id, device_type_id) references device_types (organization_id, id) on delete cascade
    );
    create index maintenance_scopes_window on maintenance_scopes (window_id);
  `.execute(db);
}

async function createRuns(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- The past: one row for each occurrence that began.
    create table maintenance_runs (
      organization_id uuid not null,
      id uuid primary key,
      window_id uuid not null,
      started_at timestamptz not null,
      planned_end_at timestamptz not null,
      ended_at timestamptz,
      -- schedule, ended_early, changed, deleted
      end_cause text,
      ended_by text,
      -- Systems that did not come back, written when the run has ended. Shape: contracts/maintenance
      -- MaintenanceFindings.
      report jsonb,
      reported_at timestamptz,
      foreign key (organization_id, window_id) references maintenance_windows (organization_id, id) on delete cascade
    );
    create unique index maintenance_runs_one_open on maintenance_runs (window_id) where ended_at is null;
    create index maintenance_runs_by_time on maintenance_runs (window_id, started_at desc, id desc);
    create table maintenance_feeds (
      organization_id uuid primary key references organizations on delete cascade,
      token_hash bytea not null unique,
      created_at timestamptz not null
    );
    -- Devices whose status says maintenance because of a window. It must be set back when the window ends.
    create table maintenance_shown (
      organization_id uuid not null,
      device_id uuid primary key,
      since timestamptz not null,
      foreign key (organization_id, device_id) references devices (organization_id, id) on delete cascade
    );
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table maintenance_shown, maintenance_feeds, maintenance_runs, maintenance_scopes, maintenance_windows`.execute(
    db,
  );
}
