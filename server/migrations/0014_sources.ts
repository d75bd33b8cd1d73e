import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: new tables and one new column, which the previous release ignores.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- A connection to a third party. Its name, interval, timeout and whether it is on are those of its check.
    create table sources (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      slug text not null,
      kind text not null,
      config jsonb not null,
      -- The secret fields of config, encrypted.
      secrets text,
      check_id uuid not null,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      unique (organization_id, slug),
      unique (organization_id, id),
      unique (check_id),
      foreign key (organization_id, check_id) references checks (organization_id, id) on delete cascade
    );

    -- Separate from sources, because every reading rewrites it.
    create table source_readings (
      organization_id uuid not null,
      source_id uuid primary key,
      -- The time of the last successful reading; null before the first.
      read_at timestamptz,
      objects integer not null default 0,
      -- Where the next reading of a log continues.
      bookmark jsonb not null default '{}',
      -- The third party asked us to wait until this time.
      not_before timestamptz,
      foreign key (organization_id, source_id) references sources (organization_id, id) on delete cascade
    );

    -- What the last reading said about each object of the third party.
    create table source_observations (
      organization_id uuid not null,
      source_id uuid not null,
      external_id text not null,
      name text not null,
      hostname text,
      macs text[] not null default '{}',
      state text not null check (state in ('online', 'offline', 'unknown', 'missing')),
      reason text,
      since timestamptz,
      observed_at timestamptz not null,
      -- Its state when a complete reading does not list it: a client that left (offline), or something that was removed
      -- (missing).
      when_absent text not null check (when_absent in ('offline', 'missing')),
      details jsonb not null default '{}',
      primary key (source_id, external_id),
      foreign key (organization_id, source_id) references sources (organization_id, id) on delete cascade
    ) with (fillfactor = 70);

    create index checks_by_ref on checks (organization_id, (config->>'source'), (config->>'ref'))
      where config ? 'ref';

    alter table check_state add column last_ok_at timestamptz;
    -- The method of doors becomes the kind of their checks, which exists from now on.
    update device_types set check_method = 'unifi_access' where check_method = 'unifi';
  `.execute(db);
  for (const table of ['sources', 'source_readings', 'source_observations'])
    await protectTenantTable(db, table);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    update device_types set check_method = 'unifi' where check_method = 'unifi_access';
    alter table check_state drop column last_ok_at;
    drop index checks_by_ref;
    drop table source_observations, source_readings;
    delete from checks where id in (select check_id from sources) or kind in ('ninjaone', 'unifi_access', 'unifi_network', 'agent');
    drop table sources;
  `.execute(db);
}
