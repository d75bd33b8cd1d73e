import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: first release.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table rules (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      -- The alert type it raises: device_offline, sync_lag_high, ... or the operator's own word.
      type text not null,
      name text not null,
      kind text not null,
      config jsonb not null,
      severity text not null,
      enabled boolean not null default true,
      auto_resolve boolean not null,
      cooldown_seconds double precision not null,
      -- Where it applies; null: everywhere in the organization.
      site_id uuid,
      device_type_id uuid,
      escalation jsonb,
      template boolean not null default false,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      unique (organization_id, id)
    );
    create unique index rules_template on rules (organization_id, type) where template;
    create index rules_kind on rules (kind) where enabled;
    create table alerts (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      rule_id uuid not null,
      type text not null,
      severity text not null,
      status text not null check (status in ('open', 'acknowledged', 'resolved')),
      -- What it is about: 'device:<id>', 'site:<id>', ...
      subject text not null,
      site_id uuid,
      device_id uuid,
      title text not null,
      -- Why it fired, in words; the numbers stand in details.
      why text not null,
      details jsonb not null default '{}',
      suppressed_by text,
      suppressed_reason text,
      opened_at timestamptz not null,
      acknowledged_at timestamptz,
      acknowledged_by text,
      resolved_at timestamptz,
      resolved_by text,
      resolved_reason text,
      last_evaluated_at timestamptz not null,
      -- Rises with every transition; If-Match and notification keys use it.
      version integer not null default 1
    );
    -- Invariant 2: one open alert per (organization, rule, subject).
    create unique index alerts_one_open on alerts (organization_id, rule_id, subject) where status <> 'resolved';
    create index alerts_open on alerts (organization_id, opened_at desc, id desc) where status <> 'resolved';
    create index alerts_by_time on alerts (organization_id, opened_at desc, id desc);
    create index alerts_cooldown on alerts (organization_id, rule_id, subject, resolved_at desc) where status = 'resolved';
    create index alerts_subject_open on alerts (subject) where status <> 'resolved';
    create table alert_transitions (
      organization_id uuid not null,
      id uuid primary key,
      alert_id uuid not null references alerts on delete cascade,
      at timestamptz not null,
      -- opened, acknowledged, resolved, suppressed, unsuppressed, escalated, noted
      kind text not null,
      actor_kind text not null,
      actor_id text not null,
      actor_name text not null,
      note text,
      details jsonb not null default '{}'
    );
    create index alert_transitions_alert on alert_transitions (alert_id, at);
  `.execute(db);
  for (const table of ['rules', 'alerts', 'alert_transitions']) await protectTenantTable(db, table);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table alert_transitions, alerts, rules`.execute(db);
}
