import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: new tables only. Runs and pauses of the previous release are read from where it stores them.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- When a check was switched off: from then on its state is unknown.
    create table check_pauses (
      organization_id uuid not null,
      check_id uuid not null,
      at timestamptz not null,
      primary key (check_id, at),
      foreign key (organization_id, check_id) references checks (organization_id, id) on delete cascade
    );
    insert into check_pauses (organization_id, check_id, at)
      select organization_id, id, updated_at from checks where not enabled;

    -- What a run covered, from when to when. Its window may change later, but the past stays.
    create table maintenance_run_covers (
      organization_id uuid not null,
      run_id uuid not null references maintenance_runs on delete cascade,
      from_at timestamptz not null,
      -- null: until the end of the run.
      to_at timestamptz,
      site_id uuid,
      kind text not null,
      area_id uuid,
      device_id uuid,
      device_type_id uuid,
      check_id uuid
    );
    create index maintenance_run_covers_run on maintenance_run_covers (run_id);
    insert into maintenance_run_covers (organization_id, run_id, from_at, site_id, kind, area_id, device_id, device_type_id, check_id)
      select r.organization_id, r.id, r.started_at, w.site_id, s.kind, s.area_id, s.device_id, s.device_type_id, s.check_id
      from maintenance_runs r join maintenance_windows w on w.id = r.window_id join maintenance_scopes s on s.window_id = w.id;
  `.execute(db);
  await protectTenantTable(db, 'check_pauses');
  await protectTenantTable(db, 'maintenance_run_covers');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table maintenance_run_covers, check_pauses`.execute(db);
}
