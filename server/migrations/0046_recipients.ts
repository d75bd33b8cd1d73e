import { type Kysely, sql } from 'kysely';
import { protectTenantTable } from '../src/platform/db/roles.ts';

// Compatible: the previous release neither writes nor takes a message without a channel.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    -- People who asked to be told about a topic, one row each. A channel is set up by an operator instead.
    create table recipients (
      organization_id uuid not null references organizations on delete cascade,
      id uuid primary key,
      topic text not null,
      -- The part of the topic that they asked for, such as one page. null: all of it.
      scope_id uuid,
      -- The kind of channel that reaches them.
      kind text not null,
      address text not null,
      -- When they asked to be told, and when they proved that the address is theirs. Without both, nothing is sent.
      opted_in_at timestamptz,
      verified_at timestamptz,
      -- From then on nothing is sent, and why.
      suppressed_at timestamptz,
      suppressed_reason text,
      created_at timestamptz not null,
      constraint recipients_once unique nulls not distinct (organization_id, topic, scope_id, kind, address)
    );
    create index recipients_page on recipients (organization_id, topic, scope_id, id);

    alter table notification_messages alter column channel_id drop not null, add column recipient_id uuid;
    create index notification_messages_to_recipients on notification_messages (organization_id, topic, due_at)
      where status = 'pending' and recipient_id is not null;
    alter table notifications add column recipient_id uuid;
  `.execute(db);
  await protectTenantTable(db, 'recipients');
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    delete from notification_messages where channel_id is null;
    alter table notifications drop column recipient_id;
    alter table notification_messages drop column recipient_id, alter column channel_id set not null;
    drop table recipients;
  `.execute(db);
}
