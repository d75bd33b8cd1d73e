import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: first release. Day partitions are made ahead by telemetry's periodic work, not here.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- One row per device, rewritten by every heartbeat: no index on a moving column, so updates stay heap-only.
    create table device_state (
      organization_id uuid not null,
      device_key integer primary key,
      device_id uuid not null,
      site_id uuid not null,
      -- Receipt time of the newest heartbeat by our clock; null before the first one.
      last_seen_at timestamptz,
      status text not null default 'unknown',
      status_since timestamptz not null,
      -- A higher floor holds an open alert on this device and wants to hear of its next heartbeat.
      watched boolean not null default false,
      reported_status text,
      sequence bigint,
      sent_at timestamptz,
      -- Device clock minus server clock at receipt.
      skew_ms integer,
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

    create table events (
      organization_id uuid not null,
      id uuid not null,
      -- The sender's own id; the same one counts once.
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

    -- What the rate, spike and after-hours rules read: one row per minute and subject.
    create table event_counts (
      organization_id uuid not null,
      bucket timestamptz not null,
      type text not null,
      site_id uuid not null,
      -- The zero uuid where the event named no device.
      device_id uuid not null default '00000000-0000-0000-0000-000000000000',
      successes integer not null default 0,
      failures integer not null default 0,
      amount numeric not null default 0,
      primary key (organization_id, type, bucket, site_id, device_id)
    );
    create index event_counts_bucket on event_counts (bucket);
  `.execute(db);
  for (const table of ['device_state', 'events', 'event_counts']) await protectTenantTable(db, table);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table event_counts, events, device_state`.execute(db);
}
