import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: the release before neither reads nor writes these tables and columns.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table incidents (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      -- Counts from 1 in the organization.
      number integer not null,
      -- What its alerts share, e.g. site:<id>.
      group_key text not null,
      -- Alerts with the key join this incident; at most one of a key.
      is_current boolean not null,
      title text not null,
      severity text not null,
      status text not null check (status in ('open', 'acknowledged', 'resolved')),
      priority text not null check (priority in ('P1', 'P2', 'P3', 'P4', 'P5')),
      priority_inputs jsonb not null default '[]' check (jsonb_typeof(priority_inputs) = 'array'),
      -- Who set the priority by hand, and why; null: it is computed.
      priority_by text,
      priority_reason text,
      verdict jsonb,
      site_id uuid,
      opened_at timestamptz not null,
      last_joined_at timestamptz not null,
      acknowledged_at timestamptz,
      acknowledged_by text,
      assigned_to uuid,
      assigned_name text,
      snoozed_until timestamptz,
      resolved_at timestamptz,
      resolved_by text,
      resolved_reason text,
      action_taken text,
      -- The last time it began or ended, and since when it does so too often.
      turned_at timestamptz not null,
      flapping_since timestamptz,
      -- Every open alert is muted; told to nobody.
      muted_by text,
      muted_reason text,
      -- Counted again whenever an alert joins, leaves or changes: {devices, areas, sites, alerts, repeats, open, muted, recovered, area_names}
      counts jsonb not null default '{}' check (jsonb_typeof(counts) = 'object'),
      merged_into uuid references incidents on delete set null,
      note text not null default '',
      version integer not null default 1,
      unique (organization_id, number)
    );
    create unique index incidents_one_current on incidents (organization_id, group_key) where is_current;
    create index incidents_by_time on incidents (organization_id, opened_at desc, id desc);
    create index incidents_active on incidents (organization_id, opened_at, id) where status <> 'resolved';
    create index incidents_snoozed on incidents (snoozed_until) where snoozed_until is not null;
    create index incidents_flapping on incidents (turned_at) where flapping_since is not null;
    create index incidents_retention on incidents (resolved_at) where status = 'resolved';
    create index incidents_merged on incidents (merged_into) where merged_into is not null;

    create table incident_alerts (
      organization_id uuid not null references organizations on delete cascade,
      incident_id uuid not null references incidents on delete cascade,
      -- An alert belongs to one incident.
      alert_id uuid primary key references alerts on delete cascade,
      -- The same for every recurrence of the alert.
      fingerprint text not null,
      joined_at timestamptz not null,
      recovered_at timestamptz,
      -- Why it belongs here: first, window, recurrence, dependency, merge, split or adopted.
      how text not null
    );
    create index incident_alerts_incident on incident_alerts (incident_id, joined_at, alert_id);
    create index incident_alerts_fingerprint on incident_alerts (organization_id, fingerprint, joined_at desc);

    -- The timeline of an incident, and the outbox of the messages about it.
    create table incident_transitions (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      incident_id uuid not null references incidents on delete cascade,
      at timestamptz not null,
      kind text not null,
      actor_kind text not null,
      actor_id text not null,
      actor_name text not null,
      why text not null,
      note text,
      details jsonb not null default '{}',
      planned_at timestamptz,
      plan_attempts integer not null default 0,
      -- When it may be told: a new incident collects alerts first, the end of a short one must hold.
      plan_after timestamptz not null default now(),
      plan_error text
    );
    create index incident_transitions_incident on incident_transitions (incident_id, at, id);
    create index incident_transitions_recent on incident_transitions (organization_id, at desc);
    create index incident_transitions_unplanned on incident_transitions (organization_id, at, id)
      where planned_at is null;
    create index incident_transitions_failed on incident_transitions (planned_at) where plan_error is not null;

    create table incident_links (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      incident_id uuid not null references incidents on delete cascade,
      url text not null,
      title text not null,
      added_by text not null,
      added_at timestamptz not null
    );
    create index incident_links_incident on incident_links (incident_id, added_at);

    -- How an organization groups alerts; a null is as in the installation.
    create table incident_settings (
      organization_id uuid primary key references organizations on delete cascade,
      group_by text,
      group_wait_seconds double precision,
      group_window_seconds double precision,
      reopen_window_seconds double precision,
      hold_down_seconds double precision,
      flapping_changes integer,
      flapping_within_seconds double precision
    );

    -- The last number given to an incident; it is never given again.
    create table incident_numbers (
      organization_id uuid primary key references organizations on delete cascade,
      last integer not null
    );

    alter table rules
      -- How its alerts join incidents: {"by": "site", "window_seconds": 300}; null: as in the organization.
      add column grouping jsonb check (jsonb_typeof(grouping) = 'object'),
      -- What to do about it: a page of the operator's.
      add column runbook_url text;
  `.execute(db);
  for (const table of tables) await protectTenantTable(db, table);
}

const tables = [
  'incidents',
  'incident_alerts',
  'incident_transitions',
  'incident_links',
  'incident_settings',
  'incident_numbers',
];

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop table incident_numbers, incident_settings, incident_links, incident_transitions, incident_alerts, incidents;
    alter table rules drop column grouping, drop column runbook_url;
  `.execute(db);
}
