import { type Kysely, sql } from 'kysely';
import { grantSystemTable } from '../src/platform/db/roles.ts';

/** Transitions that the previous release left unplanned within this time are told now. */
const lookBack = '1 day';

// Compatible: the previous release ignores the new columns, and the ledger shows what it has told.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- A constant default fills the existing rows without rewriting them. New rows are not planned yet.
    alter table alert_transitions add column planned_at timestamptz default now();
    alter table alert_transitions alter column planned_at drop default;
    alter table alert_transitions
      add column plan_attempts integer not null default 0,
      add column plan_after timestamptz not null default now(),
      -- Why it could not be planned at all. The ledger has a row with the reason.
      add column plan_error text;
    create index alert_transitions_unplanned on alert_transitions (organization_id, at, id) where planned_at is null;
    create index alert_transitions_failed on alert_transitions (planned_at) where plan_error is not null;
    update alert_transitions t set planned_at = null
    where t.at > now() - interval '${sql.raw(lookBack)}'
      and t.kind in ('opened', 'unsuppressed', 'reopened', 'escalated', 'resolved')
      and not exists (select from notifications n where n.alert_id = t.alert_id and n.transition_id = t.id);

    create index notification_messages_waiting on notification_messages (channel_id, due_at) where status = 'pending';

    -- What the variables of the long-running servers declare, by role. Only a role that declared a channel may switch
    -- it off.
    create table environment_declarations (
      role text primary key,
      channels text[] not null,
      -- The kinds that this role's processes can send.
      kinds text[] not null,
      declared_at timestamptz not null default now()
    );
  `.execute(db);
  await grantSystemTable(db, 'environment_declarations');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop table environment_declarations;
    drop index notification_messages_waiting, alert_transitions_failed, alert_transitions_unplanned;
    alter table alert_transitions drop column plan_error, drop column plan_after, drop column plan_attempts, drop column planned_at;
  `.execute(db);
}
