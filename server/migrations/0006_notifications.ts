import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: first release.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table channels (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      kind text not null,
      name text not null,
      -- The kind's fields except its secrets.
      config jsonb not null,
      -- The kind's secrets as one encrypted JSON object. null: it has none.
      secrets text,
      min_severity text not null,
      enabled boolean not null,
      escalation_only boolean not null,
      -- 'environment': the variables set config and enabled at every start.
      managed_by text,
      -- The variable that it came from. Stable, so that a restart updates it instead of adding another.
      environment_key text,
      version integer not null default 1,
      created_at timestamptz not null,
      updated_at timestamptz not null
    );
    create index channels_list on channels (organization_id, created_at, id);
    create unique index channels_environment on channels (organization_id, environment_key)
      where environment_key is not null;

    -- Outgoing messages: one row per message and recipient. Its id is the receiver's idempotency key.
    create table notification_messages (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      channel_id uuid not null,
      recipient text not null,
      -- opened, resolved, escalated, digest
      tone text not null,
      status text not null check (status in ('pending', 'sent', 'failed', 'cancelled')),
      attempts integer not null default 0,
      -- An attempt ended without an answer, so the receiver may have the message.
      maybe_delivered boolean not null default false,
      -- The lease of the worker that is sending it.
      claimed_until timestamptz,
      -- When its job is due. The sweep looks for messages whose job was lost.
      due_at timestamptz not null,
      created_at timestamptz not null,
      settled_at timestamptz,
      last_status integer,
      last_answer text
    );
    create index notification_messages_due on notification_messages (due_at) where status = 'pending';
    create index notification_messages_recent on notification_messages (organization_id, created_at);

    -- The ledger: who was told about which transition, and who was not and why. Outlives channel and alert.
    create table notifications (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      alert_id uuid not null,
      transition_id uuid not null,
      -- opened, unsuppressed, acknowledged, resolved, escalated
      transition_kind text not null,
      -- null: there was no channel to tell.
      channel_id uuid,
      channel_kind text,
      channel_name text,
      recipient text not null,
      status text not null check (status in ('pending', 'sent', 'not_sent', 'failed')),
      reason text,
      message_id uuid,
      -- The facts at the time of the transition, so that a retry says the same.
      facts jsonb not null,
      created_at timestamptz not null,
      settled_at timestamptz,
      -- Invariant 5: nobody is told twice.
      constraint notifications_once unique nulls not distinct (alert_id, transition_id, channel_id, recipient)
    );
    create index notifications_list on notifications (organization_id, created_at desc, id desc);
    create index notifications_message on notifications (message_id) where message_id is not null;
    create index notifications_created on notifications (created_at);
  `.execute(db);
  for (const table of ['channels', 'notification_messages', 'notifications']) {
    await protectTenantTable(db, table);
  }
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table notifications, notification_messages, channels`.execute(db);
}
