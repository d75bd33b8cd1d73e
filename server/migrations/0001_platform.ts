import { type Kysely, sql } from 'kysely';
import { grantSystemTable, systemRole } from '../src/platform/db/roles.ts';

// Compatible: first release.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table install (
      singleton boolean primary key default true check (singleton),
      id uuid not null,
      -- A known text encrypted under the installation's key. A process with another key must not start.
      key_check text not null,
      created_at timestamptz not null
    );
    create table periodic_work (
      name text primary key,
      due_at timestamptz not null,
      started_at timestamptz,
      finished_at timestamptz,
      last_error text
    );
    create table watch_presence (
      process_id uuid primary key,
      role text not null,
      host text not null,
      started_at timestamptz not null,
      beat_at timestamptz not null
    );
    create table watch_state (
      singleton boolean primary key default true check (singleton),
      -- Absence is counted from this time at the earliest: the end of the last gap in our own watch.
      watching_since timestamptz not null,
      last_beat_at timestamptz not null
    );
    create table idempotency_keys (
      caller text not null,
      key text not null,
      fingerprint bytea not null,
      status integer,
      headers jsonb,
      body text,
      created_at timestamptz not null,
      primary key (caller, key)
    );
    create index idempotency_keys_created_at on idempotency_keys (created_at);
  `.execute(db);
  // Partitions belong to the owner of their parent. These two functions let the system role add and drop them day by
  // day without owning a table. Days are UTC.
  await sql`
    create function ensure_day_partition(parent text, day date) returns void
    language plpgsql security definer set search_path = pg_catalog, public as $$
    declare child text := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
    begin
      if not exists (select from pg_partitioned_table where partrelid = format('public.%I', parent)::regclass) then
        raise exception '% is not partitioned', parent;
      end if;
      if to_regclass(format('public.%I', child)) is null then
        execute format('create table public.%I partition of public.%I for values from (%L) to (%L)',
          child, parent, day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
      end if;
    exception when duplicate_table then null;
    end $$;
    create function drop_day_partitions(parent text, before date) returns setof text
    language plpgsql security definer set search_path = pg_catalog, public as $$
    declare child text;
    begin
      for child in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = format('public.%I', parent)::regclass
          and c.relname ~ ('^' || parent || '_[0-9]{8}$') and right(c.relname, 8) < to_char(before, 'YYYYMMDD')
      loop
        execute format('drop table public.%I', child);
        return next child;
      end loop;
    end $$;
    revoke all on function ensure_day_partition(text, date), drop_day_partitions(text, date) from public;
  `.execute(db);
  await sql
    .raw(
      `grant execute on function ensure_day_partition(text, date), drop_day_partitions(text, date) to ${systemRole}`,
    )
    .execute(db);
  for (const table of ['install', 'periodic_work', 'watch_presence', 'watch_state', 'idempotency_keys']) {
    await grantSystemTable(db, table);
  }
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop function ensure_day_partition(text, date), drop_day_partitions(text, date);
    drop table idempotency_keys, watch_state, watch_presence, periodic_work, install;
  `.execute(db);
}
