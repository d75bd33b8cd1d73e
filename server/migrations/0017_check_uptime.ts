import { type Kysely, sql } from 'kysely';
import { grantSystemTable, protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: new tables only.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- The known states of each check, as stretches without a change, cut at midnight UTC. Time between them is unknown.
    -- Single results are deleted after a month; these stay for as long as uptime is shown.
    create table check_spans (
      organization_id uuid not null,
      check_id uuid not null,
      from_at timestamptz not null,
      to_at timestamptz not null,
      status text not null check (status in ('up', 'down')),
      primary key (check_id, from_at),
      check (to_at > from_at),
      foreign key (organization_id, check_id) references checks (organization_id, id) on delete cascade
    );
    create index check_spans_end on check_spans (check_id, to_at);
    create table check_spans_progress (
      singleton boolean primary key default true check (singleton),
      -- Results before this are in check_spans.
      upto timestamptz not null
    );
  `.execute(db);
  await protectTenantTable(db, 'check_spans');
  await grantSystemTable(db, 'check_spans_progress');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table check_spans, check_spans_progress`.execute(db);
}
