import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: the release before neither reads nor writes these tables.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- What operators want done when an incident opens, turns, grows old or ends.
    create table workflows (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      name text not null,
      mode text not null check (mode in ('off', 'dry_run', 'on')),
      trigger jsonb not null check (jsonb_typeof(trigger) = 'object'),
      conditions jsonb not null check (jsonb_typeof(conditions) = 'object'),
      -- In order: [{"kind", "config", "timeout": seconds, "on_failure"}]
      steps jsonb not null check (jsonb_typeof(steps) = 'array'),
      runs_per_hour integer not null,
      -- Signs its webhooks; sealed.
      secret text not null,
      -- It runs for what happens after this time; null: it is off.
      enabled_at timestamptz,
      created_by text not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      version integer not null default 1
    );
    create unique index workflows_name on workflows (organization_id, lower(name));
    create index workflows_enabled on workflows (organization_id) where mode <> 'off';

    -- The kill switch: while the row is there, nothing runs.
    create table workflow_stops (
      organization_id uuid primary key references organizations on delete cascade,
      stopped_at timestamptz not null,
      stopped_by text not null,
      reason text not null
    );

    create table workflow_runs (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      -- They stay when the workflow is deleted.
      workflow_id uuid not null,
      workflow_name text not null,
      incident_id uuid not null references incidents on delete cascade,
      status text not null check (status in ('running', 'done', 'failed', 'skipped', 'stopped')),
      dry_run boolean not null,
      why text not null,
      -- The steps as they were when it began.
      steps jsonb not null check (jsonb_typeof(steps) = 'array'),
      -- What they answered, in order: [{"outcome", "answer", "at"}]
      results jsonb not null default '[]' check (jsonb_typeof(results) = 'array'),
      -- When the next step is due.
      due_at timestamptz not null,
      -- Who works on it, until when by the database's clock.
      lease uuid,
      lease_until timestamptz,
      started_at timestamptz not null,
      finished_at timestamptz,
      -- A workflow runs once for an incident.
      unique (workflow_id, incident_id)
    );
    create index workflow_runs_due on workflow_runs (due_at) where status = 'running';
    create index workflow_runs_page on workflow_runs (organization_id, started_at desc, id desc);
    create index workflow_runs_incident on workflow_runs (incident_id, started_at);

    create table workflow_checklists (
      organization_id uuid not null references organizations on delete cascade,
      -- That of the step that made it: made once.
      id uuid primary key,
      incident_id uuid not null references incidents on delete cascade,
      title text not null,
      url text,
      -- [{"text", "done_at", "done_by"}]
      items jsonb not null check (jsonb_typeof(items) = 'array'),
      created_at timestamptz not null
    );
    create index workflow_checklists_incident on workflow_checklists (incident_id, created_at);

    -- What steps want told; the outbox of the topic.
    create table workflow_messages (
      organization_id uuid not null references organizations on delete cascade,
      -- That of the step: told once.
      id uuid primary key,
      incident_id uuid not null references incidents on delete cascade,
      workflow_name text not null,
      -- Names, kinds or ids.
      channels text[] not null,
      text text not null,
      at timestamptz not null,
      planned_at timestamptz,
      plan_attempts integer not null default 0,
      plan_after timestamptz not null default now(),
      plan_error text
    );
    create index workflow_messages_unplanned on workflow_messages (organization_id, at, id) where planned_at is null;
    create index workflow_messages_failed on workflow_messages (planned_at) where plan_error is not null;
    create index workflow_messages_incident on workflow_messages (incident_id);
  `.execute(db);
  for (const table of tables) await protectTenantTable(db, table);
}

const tables = ['workflows', 'workflow_stops', 'workflow_runs', 'workflow_checklists', 'workflow_messages'];

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table workflow_messages, workflow_checklists, workflow_runs, workflow_stops, workflows`.execute(
    db,
  );
}
