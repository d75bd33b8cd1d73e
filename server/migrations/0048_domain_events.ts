import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: the release before goes on with its own queue, from which this one takes what is left over.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- One row for an event and a subscriber, written with the change; deleted when the subscriber is done.
    create table domain_events (
      -- The nil UUID: of several organizations at once, from the release before.
      organization_id uuid not null,
      id uuid primary key,
      event text not null,
      subscriber text not null,
      payload jsonb not null,
      created_at timestamptz not null default clock_timestamp(),
      -- The process that works on it; its claim ends at plan_after.
      claimed_by uuid,
      planned_at timestamptz,
      plan_attempts integer not null default 0,
      plan_after timestamptz not null default clock_timestamp(),
      plan_error text
    ) with (
      -- Rows come and go: a scale factor would let the dead ones pile up after one busy hour.
      autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
      autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 10000
    );
    create index domain_events_waiting on domain_events (event, subscriber, organization_id, plan_after, id)
      where planned_at is null;
    create index domain_events_given_up on domain_events (planned_at) where planned_at is not null;
  `.execute(db);
  await protectTenantTable(db, 'domain_events');
  await replaceFigures(db, "in ('public', 'pgboss')", "= 'public'");
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await replaceFigures(db, "= 'public'", "in ('public', 'pgboss')");
  await sql`drop table domain_events`.execute(db);
}

/** Which schemas the figures of the largest tables look at (0016_operations.ts). */
async function replaceFigures(db: Kysely<unknown>, was: string, is: string): Promise<void> {
  const { rows } = await sql<{ text: string }>`
    select pg_get_functiondef('operations_database'::regproc) as text`.execute(db);
  const text = rows[0]?.text ?? '';
  if (!text.includes(was)) throw new Error(`operations_database() does not read "${was}".`);
  await sql.raw(text.replace(was, is)).execute(db);
}
