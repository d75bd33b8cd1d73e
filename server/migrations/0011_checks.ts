import { type Kysely, sql } from 'kysely';
import { grantSystemTable, protectTenantTable, systemRole } from '../src/platform/db/roles.ts';

const tenantTables = ['checks', 'check_dependencies', 'check_state', 'check_results'];

// Compatible: new tables only. The checks module creates day partitions of results ahead, not this migration.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table checks (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      slug text not null,
      name text not null,
      kind text not null,
      config jsonb not null,
      -- The secret fields of config, encrypted.
      secrets text,
      -- null: the device's type decides, or the default if there is none.
      interval_seconds double precision,
      timeout_seconds double precision,
      retries integer,
      alert_after_failures integer,
      recover_after_successes integer,
      site_id uuid,
      device_id uuid,
      enabled boolean not null default true,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      unique (organization_id, slug),
      unique (organization_id, id),
      foreign key (organization_id, site_id) references sites (organization_id, id) on delete cascade,
      foreign key (organization_id, device_id) references devices (organization_id, id) on delete cascade
    );
    create index checks_device on checks (organization_id, device_id) where device_id is not null;

    create table check_dependencies (
      organization_id uuid not null,
      check_id uuid not null,
      depends_on_check_id uuid not null,
      primary key (organization_id, check_id, depends_on_check_id),
      foreign key (organization_id, check_id) references checks (organization_id, id) on delete cascade,
      foreign key (organization_id, depends_on_check_id) references checks (organization_id, id) on delete cascade,
      check (check_id <> depends_on_check_id)
    );
    create index check_dependencies_parent on check_dependencies (organization_id, depends_on_check_id);

    -- Separate from checks, because every run rewrites it.
    create table check_state (
      organization_id uuid not null,
      check_id uuid primary key,
      status text not null default 'pending' check (status in ('pending', 'up', 'down', 'unknown')),
      since timestamptz not null,
      reason text,
      consecutive_failures integer not null default 0,
      consecutive_successes integer not null default 0,
      last_at timestamptz,
      last_outcome text,
      last_reason text,
      last_total_ms real,
      -- null: switched off.
      next_due_at timestamptz,
      -- The worker that runs it now. Free again when that worker is silent or the lease has expired.
      lease_owner uuid,
      lease_until timestamptz,
      foreign key (organization_id, check_id) references checks (organization_id, id) on delete cascade
    ) with (fillfactor = 70);
    create index check_state_due on check_state (next_due_at) where next_due_at is not null;

    create table check_results (
      at timestamptz not null,
      organization_id uuid not null,
      check_id uuid not null,
      outcome text not null,
      -- The judged status after this result.
      status text not null,
      attempts smallint not null,
      dns_ms real,
      connect_ms real,
      tls_ms real,
      first_byte_ms real,
      total_ms real,
      reason text not null,
      details jsonb
    ) partition by range (at);
    create index check_results_check on check_results (check_id, at);

    -- The living workers: one beat per process and second keeps all its leases.
    create table check_workers (
      id uuid primary key,
      beat_at timestamptz not null
    );
  `.execute(db);
  for (const table of tenantTables) await protectTenantTable(db, table);
  await grantSystemTable(db, 'check_workers');
  await createDayFunctions(db);
  await seedRule(db);
}

/**
 * As in telemetry: the roles that work on the data own no table, so these run as the owner, and each does one thing.
 */
async function createDayFunctions(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create function checks_add_day(day date) returns void
      language plpgsql security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
    declare
      part text := 'check_results_' || to_char(day, 'YYYYMMDD');
    begin
      if to_regclass('public.' || part) is not null then return; end if;
      perform pg_advisory_xact_lock(hashtext('checks_add_day.' || part));
      if exists (select from pg_class where relname = part and relnamespace = 'public'::regnamespace) then return; end if;
      execute format('create table public.%I (like public.check_results including defaults including storage)', part);
      execute format('alter table public.%I enable row level security', part);
      execute format('alter table public.check_results attach partition public.%I for values from (%L) to (%L)',
        part, day::text, (day + 1)::text);
    end $$;

    create function checks_drop_days(end_day date) returns integer
      language plpgsql security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
    declare
      part text;
      dropped integer := 0;
    begin
      for part in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'public.check_results'::regclass
          and c.relname < 'check_results_' || to_char(end_day, 'YYYYMMDD')
        order by 1
      loop
        execute format('drop table public.%I', part);
        dropped := dropped + 1;
      end loop;
      return dropped;
    end $$;

    revoke all on function checks_add_day(date), checks_drop_days(date) from public;
    grant execute on function checks_add_day(date), checks_drop_days(date) to ${systemRole};
  `)
    .execute(db);
}

/** Adds this rule to organizations that already have their first rules. New ones get it with the others. */
async function seedRule(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into rules (organization_id, id, type, name, kind, config, severity, auto_resolve, cooldown_seconds, template,
      created_at, updated_at)
    select o.id, gen_random_uuid(), 'check_failure', 'Check failure', 'check_failure', '{"after_seconds": 0}', 'high', true, 0, true,
      now(), now()
    from organizations o where exists (select from rules r where r.organization_id = o.id)
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    delete from alerts where kind = 'check_failure';
    delete from rules where kind = 'check_failure';
    drop function checks_add_day(date);
    drop function checks_drop_days(date);
    drop table check_results, check_state, check_dependencies, checks, check_workers;
  `.execute(db);
}
