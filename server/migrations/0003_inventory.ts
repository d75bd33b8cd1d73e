import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: first release.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sites (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      slug text not null,
      name text not null,
      timezone text not null,
      -- null: always open. Shape: contracts/inventory OpeningHours.
      opening_hours jsonb,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      unique (organization_id, slug),
      unique (organization_id, id)
    );
    create table areas (
      organization_id uuid not null,
      id uuid primary key,
      site_id uuid not null,
      slug text not null,
      name text not null,
      kind text,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      foreign key (organization_id, site_id) references sites (organization_id, id) on delete cascade,
      unique (organization_id, site_id, slug),
      unique (organization_id, id)
    );
    create table device_types (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      slug text not null,
      name text not null,
      check_interval_seconds double precision not null,
      timeout_seconds double precision not null,
      retries integer not null,
      alert_after_failures integer not null,
      recover_after_successes integer not null,
      check_method text not null,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      unique (organization_id, slug),
      unique (organization_id, id)
    );
    create table devices (
      organization_id uuid not null,
      id uuid primary key,
      -- A small key for the hot telemetry tables: 4 bytes instead of 16 in every heartbeat.
      key integer not null generated always as identity unique,
      site_id uuid not null,
      area_id uuid,
      type_id uuid,
      slug text not null,
      name text not null,
      -- Created by its first heartbeat (HEARTBEAT_AUTH=open), not by an operator.
      provisioned boolean not null default false,
      retired_at timestamptz,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      foreign key (organization_id, site_id) references sites (organization_id, id) on delete cascade,
      foreign key (organization_id, area_id) references areas (organization_id, id) on delete set null (area_id),
      foreign key (organization_id, type_id) references device_types (organization_id, id) on delete set null (type_id),
      unique (organization_id, slug),
      unique (organization_id, id)
    );
    create index devices_site on devices (organization_id, site_id);
    create table device_dependencies (
      organization_id uuid not null,
      device_id uuid not null,
      depends_on_device_id uuid not null,
      primary key (organization_id, device_id, depends_on_device_id),
      foreign key (organization_id, device_id) references devices (organization_id, id) on delete cascade,
      foreign key (organization_id, depends_on_device_id) references devices (organization_id, id) on delete cascade,
      check (device_id <> depends_on_device_id)
    );
    create index device_dependencies_parent on device_dependencies (organization_id, depends_on_device_id);
  `.execute(db);
  for (const table of ['sites', 'areas', 'device_types', 'devices', 'device_dependencies']) {
    await protectTenantTable(db, table);
  }
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table device_dependencies, devices, device_types, areas, sites`.execute(db);
}
