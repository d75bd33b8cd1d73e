import { type Kysely, sql } from 'kysely';
import { grantSystemTable, protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: the previous release does not record what a wait is for, and sends past events with its jobs, which are
// still accepted.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- Which condition has held since then. So a changed rule does not inherit the wait of another condition.
    alter table rule_pending add column condition text;

    -- Silences that were over before anybody looked, and that are not judged yet. The row is the work to do, even if
    -- its job is lost.
    create table past_silences (
      id bigint generated always as identity primary key,
      device_key integer not null,
      started_at timestamptz not null,
      ended_at timestamptz not null
    );
    create index past_silences_device on past_silences (device_key);

    -- Events that arrived late, and that are not judged yet for the time when they happened. Stored as time spans, not
    -- as events.
    create table late_spans (
      organization_id uuid not null references organizations on delete cascade,
      id bigint generated always as identity,
      types text[] not null,
      site_ids uuid[] not null,
      started_at timestamptz not null,
      ended_at timestamptz not null,
      noted_at timestamptz not null,
      primary key (organization_id, id)
    );

    create index maintenance_runs_unreported on maintenance_runs (ended_at) where ended_at is not null and reported_at is null;
  `.execute(db);
  await grantSystemTable(db, 'past_silences');
  await protectTenantTable(db, 'late_spans');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop index maintenance_runs_unreported;
    drop table late_spans, past_silences;
    alter table rule_pending drop column condition;
  `.execute(db);
}
