import { type Kysely, sql } from 'kysely';
import { grantSystemTable, protectTenantTable, systemRole, tenantRole } from '../src/platform/db/roles.ts';

/** Parent tables with one partition per day. Partitions are created ahead, and dropped as a whole. */
const dayTables = ['heartbeats', 'heartbeat_chunks', 'heartbeat_rollups', 'events', 'metric_points'];
const tenantTables = [
  'device_state',
  'heartbeats',
  'heartbeats_late',
  'heartbeat_chunks',
  'heartbeat_rollups',
  'telemetry_words',
  'events',
  'event_keys',
  'event_counts',
  'metric_points',
];
const systemTables = ['heartbeat_days', 'rollup_progress', 'rollup_dirty'];

// Compatible: first release. Telemetry's periodic work creates day partitions ahead, not this migration.
export async function up(db: Kysely<unknown>): Promise<void> {
  await createHeartbeatTables(db);
  await createUpkeepTables(db);
  await createBusinessTables(db);
  for (const table of tenantTables) await protectTenantTable(db, table);
  for (const table of systemTables) await grantSystemTable(db, table);
  // Contains only days, no tenant's data. A tenant's reader must know in which form a day is stored.
  await sql.raw(`grant select on heartbeat_days to ${tenantRole}`).execute(db);
  await createDayFunctions(db);
}

async function createHeartbeatTables(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- One row per device, rewritten by every heartbeat. No index on a changing column, so that updates stay heap-only.
    create table device_state (
      organization_id uuid not null,
      device_key integer primary key,
      device_id uuid not null,
      site_id uuid not null,
      -- When the newest heartbeat arrived, by our clock; null before the first one.
      last_seen_at timestamptz,
      status text not null default 'unknown',
      status_since timestamptz not null,
      -- A higher floor has an open alert on this device and wants an event for its next heartbeat.
      watched boolean not null default false,
      reported_status text,
      sequence bigint,
      sent_at timestamptz,
      -- Device clock minus server clock on arrival. A clock may be wrong by years.
      skew_ms bigint,
      -- The skew of the last arrival that looked late. Two with the same skew mean a clock that was set back. See
      -- intake/judge.ts.
      late_skew_ms bigint,
      late_sent_at timestamptz,
      app_version text,
      error_rate_5m double precision,
      request_latency_p95 double precision,
      sync_lag_sec double precision,
      memory_usage double precision,
      cpu_usage double precision,
      disk_usage double precision,
      metrics jsonb,
      foreign key (organization_id, device_id) references devices (organization_id, id) on delete cascade,
      unique (device_id)
    ) with (fillfactor = 70);

    -- One heartbeat in the form that intake sends (intake/item-binary.ts): the same fields in the same order.
    create type telemetry_item as (
      device_key integer,
      at timestamptz,
      degraded boolean,
      buffered boolean,
      reported_status text,
      sequence bigint,
      sent_at timestamptz,
      skew_ms bigint,
      app_version text,
      error_rate_5m double precision,
      request_latency_p95 double precision,
      sync_lag_sec double precision,
      memory_usage double precision,
      cpu_usage double precision,
      disk_usage double precision,
      metrics jsonb,
      body bytea
    );

    -- Raw history. The order of columns and the packed body were chosen by measurement: docs/decisions/0004.
    create table heartbeats (
      at timestamptz not null,
      organization_id uuid not null,
      device_key integer not null,
      body bytea not null
    ) partition by range (at);
    -- Equal keys share an entry: 6 bytes per row, where (device_key, at) needs 40.
    create index heartbeats_device on heartbeats (device_key);
    create index heartbeats_at on heartbeats using brin (at) with (pages_per_range = 32);

    -- Heartbeats that arrive for a closed day. They are merged into its chunks later.
    create table heartbeats_late (
      at timestamptz not null,
      organization_id uuid not null,
      device_key integer not null,
      body bytea not null
    );
    create index heartbeats_late_device on heartbeats_late (device_key, at);

    -- Closed days: one row per device, with columns compressed together (history/chunk-codec.ts).
    create table heartbeat_chunks (
      day date not null,
      organization_id uuid not null,
      device_key integer not null,
      records integer not null,
      body bytea not null,
      primary key (device_key, day)
    ) partition by range (day);
    -- The body is already compressed.
    alter table heartbeat_chunks alter column body set storage external;

    -- In minutes: 5, 60 or 1440.
    create table heartbeat_rollups (
      bucket timestamptz not null,
      organization_id uuid not null,
      device_key integer not null,
      minutes smallint not null,
      body bytea not null,
      primary key (device_key, minutes, bucket)
    ) partition by range (bucket);

    -- Words that repeat in packed records (status, version and metric names), numbered per organization.
    create table telemetry_words (
      organization_id uuid not null,
      id integer not null,
      word text not null,
      primary key (organization_id, id),
      unique (organization_id, word)
    );
  `.execute(db);
}

async function createUpkeepTables(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Days whose raw rows were packed into chunks and dropped. From then on, readers read the chunks.
    create table heartbeat_days (
      day date primary key,
      compacted_at timestamptz not null
    );
    create table rollup_progress (
      minutes smallint primary key,
      -- Buckets that end at or before this time are stored.
      upto timestamptz not null
    );
    -- Stored buckets that are out of date because of a late heartbeat.
    create table rollup_dirty (
      device_key integer not null,
      minutes smallint not null,
      bucket timestamptz not null,
      primary key (device_key, minutes, bucket)
    );
  `.execute(db);
}

async function createBusinessTables(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table events (
      organization_id uuid not null,
      id uuid not null,
      -- The sender's own id. The same id counts only once.
      external_id text,
      type text not null,
      outcome text not null,
      site_id uuid not null,
      device_id uuid,
      area_id uuid,
      route text,
      user_ref text,
      amount numeric,
      currency text,
      occurred_at timestamptz not null,
      received_at timestamptz not null
    ) partition by range (received_at);
    create index events_window on events (organization_id, type, occurred_at);

    create table event_keys (
      organization_id uuid not null,
      external_id text not null,
      event_id uuid not null,
      received_at timestamptz not null,
      primary key (organization_id, external_id)
    );
    create index event_keys_received_at on event_keys using brin (received_at);

    -- Read by the rate, spike and after-hours rules: one row per minute and subject.
    create table event_counts (
      organization_id uuid not null,
      bucket timestamptz not null,
      type text not null,
      site_id uuid not null,
      -- The zero uuid when the event named no device.
      device_id uuid not null default '00000000-0000-0000-0000-000000000000',
      successes integer not null default 0,
      failures integer not null default 0,
      amount numeric not null default 0,
      primary key (organization_id, type, bucket, site_id, device_id)
    );
    create index event_counts_bucket on event_counts (bucket);

    create table metric_points (
      received_at timestamptz not null,
      at timestamptz not null,
      organization_id uuid not null,
      id uuid not null,
      metric_type text not null,
      metric_category text not null,
      metric_name text not null,
      value double precision not null,
      unit text not null,
      source text not null,
      endpoint text,
      site_id uuid,
      device_id uuid,
      tags jsonb
    ) partition by range (received_at);
    create index metric_points_name on metric_points (organization_id, metric_name, at);
    create index metric_points_at on metric_points (organization_id, at);
  `.execute(db);
}

/**
 * The roles that work on the data own no table. These two functions run as the owner, and each can do only one thing:
 * add an empty day, or drop whole days.
 */
async function createDayFunctions(db: Kysely<unknown>): Promise<void> {
  const known = dayTables.map((table) => `'${table}'`).join(', ');
  await sql
    .raw(`
    create function telemetry_add_day(parent text, day date) returns void
      language plpgsql security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
    declare
      part text := parent || '_' || to_char(day, 'YYYYMMDD');
    begin
      if parent not in (${known}) then raise exception 'not a day table: %', parent; end if;
      if to_regclass('public.' || part) is not null then return; end if;
      perform pg_advisory_xact_lock(hashtext('telemetry_add_day.' || part));
      -- Not to_regclass: an advisory lock does not refresh the cache in which it just missed the name.
      if exists (select from pg_class where relname = part and relnamespace = 'public'::regnamespace) then return; end if;
      -- Attaching takes a weaker lock than "create table ... partition of": intake goes on meanwhile.
      execute format('create table public.%I (like public.%I including defaults including storage)', part, parent);
      execute format('alter table public.%I enable row level security', part);
      execute format('alter table public.%I attach partition public.%I for values from (%L) to (%L)',
        parent, part, day::text, (day + 1)::text);
    end $$;

    create function telemetry_drop_days(parent text, first_day date, end_day date) returns integer
      language plpgsql security definer set search_path = public, pg_temp set timezone = 'UTC' as $$
    declare
      part text;
      dropped integer := 0;
    begin
      if parent not in (${known}) then raise exception 'not a day table: %', parent; end if;
      for part in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = ('public.' || parent)::regclass
          and c.relname >= parent || '_' || to_char(first_day, 'YYYYMMDD')
          and c.relname < parent || '_' || to_char(end_day, 'YYYYMMDD')
        order by 1
      loop
        execute format('drop table public.%I', part);
        dropped := dropped + 1;
      end loop;
      return dropped;
    end $$;

    create function telemetry_days(parent text) returns setof date
      language sql stable set search_path = public, pg_temp as $$
      select to_date(right(c.relname, 8), 'YYYYMMDD') from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = ('public.' || parent)::regclass order by 1
    $$;

    revoke all on function telemetry_add_day(text, date), telemetry_drop_days(text, date, date) from public;
    grant execute on function telemetry_add_day(text, date), telemetry_drop_days(text, date, date),
      telemetry_days(text) to ${systemRole};
  `)
    .execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop function telemetry_days(text);
    drop function telemetry_drop_days(text, date, date);
    drop function telemetry_add_day(text, date);
    drop type telemetry_item;
  `.execute(db);
  await sql.raw(`drop table ${[...tenantTables, ...systemTables].join(', ')}`).execute(db);
}
