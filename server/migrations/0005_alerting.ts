import { type Kysely, sql } from 'kysely';
import { grantSystemTable, protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: first release.
export async function up(db: Kysely<unknown>): Promise<void> {
  await createRules(db);
  await createAlerts(db);
  await createDetection(db);
  for (const table of ['rules', 'rule_revisions', 'alerts', 'alert_transitions', 'rule_pending']) {
    await protectTenantTable(db, table);
  }
  for (const table of ['detection_state', 'watch_gaps']) await grantSystemTable(db, table);
}

async function createRules(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table rules (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      -- The alert type that it raises: device_offline, sync_lag_high, ... or the operator's own word.
      type text not null,
      name text not null,
      kind text not null,
      config jsonb not null,
      severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
      enabled boolean not null default true,
      auto_resolve boolean not null,
      cooldown_seconds double precision not null check (cooldown_seconds >= 0),
      -- Where it applies. null: everywhere in the organization.
      site_id uuid,
      device_type_id uuid,
      escalation jsonb,
      template boolean not null default false,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      unique (organization_id, id),
      -- A rule for one place is deleted with the place: it must not widen to all places.
      foreign key (organization_id, site_id) references sites (organization_id, id) on delete cascade,
      foreign key (organization_id, device_type_id) references device_types (organization_id, id) on delete cascade
    );
    create unique index rules_template on rules (organization_id, type) where template;
    create index rules_kind on rules (kind, organization_id) where enabled;
    create table rule_revisions (
      organization_id uuid not null references organizations on delete cascade,
      -- Outlives the rule: who removed it, and what it contained.
      rule_id uuid not null,
      version integer not null,
      change text not null check (change in ('created', 'updated', 'deleted')),
      at timestamptz not null,
      actor_kind text not null,
      actor_id text not null,
      actor_name text not null,
      snapshot jsonb not null,
      primary key (organization_id, rule_id, version)
    );
  `.execute(db);
}

async function createAlerts(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table alerts (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      rule_id uuid not null,
      rule_name text not null,
      kind text not null,
      type text not null,
      severity text not null,
      status text not null check (status in ('open', 'acknowledged', 'resolved')),
      -- Its subject: 'device:<id>', 'site:<id>', 'organization:<id>'.
      subject text not null,
      site_id uuid,
      device_id uuid,
      title text not null,
      -- Why it fired, in words. The numbers are in details.
      why text not null,
      details jsonb not null default '{}',
      suppressed_by text,
      suppressed_reason text,
      opened_at timestamptz not null,
      acknowledged_at timestamptz,
      acknowledged_by text,
      escalated_at timestamptz,
      resolved_at timestamptz,
      resolved_by text,
      resolved_reason text,
      -- Rises with every transition; If-Match and notification keys use it.
      version integer not null default 1
    );
    -- Invariant 2: one open alert per (organization, rule, subject).
    create unique index alerts_one_open on alerts (organization_id, rule_id, subject) where status <> 'resolved';
    create index alerts_open on alerts (organization_id, opened_at desc, id desc) where status <> 'resolved';
    create index alerts_by_time on alerts (organization_id, opened_at desc, id desc);
    create index alerts_all_by_time on alerts (opened_at desc, id desc);
    create index alerts_cooldown on alerts (organization_id, rule_id, subject, resolved_at desc) where status = 'resolved';
    create index alerts_retention on alerts (resolved_at) where status = 'resolved';
    create index alerts_device_open on alerts (device_id) where status <> 'resolved';
    create table alert_transitions (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      alert_id uuid not null references alerts on delete cascade,
      at timestamptz not null,
      -- opened, acknowledged, resolved, suppressed, unsuppressed, escalated
      kind text not null,
      actor_kind text not null,
      actor_id text not null,
      actor_name text not null,
      why text not null,
      note text,
      details jsonb not null default '{}'
    );
    create index alert_transitions_alert on alert_transitions (alert_id, at, id);
    create index alert_transitions_recent on alert_transitions (organization_id, at desc);
  `.execute(db);
}

async function createDetection(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- A condition that holds, but not yet for as long as its rule asks. Stored here so that a restart does not lose it.
    create table rule_pending (
      organization_id uuid not null references organizations on delete cascade,
      rule_id uuid not null references rules on delete cascade,
      subject text not null,
      device_id uuid not null references devices on delete cascade,
      since timestamptz not null,
      seen_at timestamptz not null,
      primary key (rule_id, subject)
    );
    create index rule_pending_device on rule_pending (device_id);
    create table detection_state (
      singleton boolean primary key default true check (singleton),
      last_tick_at timestamptz not null,
      last_tick_ms double precision not null,
      watching_since timestamptz,
      -- The last tick with intake up. A later gap in our watch is counted from here.
      watched_until timestamptz,
      suspected_since timestamptz,
      suspected jsonb
    );
    -- Times in which we did not watch. Backtests do not count silence in them.
    create table watch_gaps (
      started_at timestamptz primary key,
      ended_at timestamptz not null
    );
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table watch_gaps, detection_state, rule_pending, alert_transitions, alerts, rule_revisions, rules`.execute(
    db,
  );
}
