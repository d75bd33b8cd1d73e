import { type Kysely, sql } from 'kysely';

// Compatible: the previous release still writes and reads `alert_id`, and its rows have the topic "alert".
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table notifications
      -- The kind of its subject: alert, later incident and others.
      add column topic text not null default 'alert',
      -- The version of the shape of "facts".
      add column facts_version integer not null default 1,
      -- The next release makes it a plain column and drops alert_id.
      add column subject_id uuid not null generated always as (alert_id) stored;
    alter table notifications add constraint notifications_once_of_topic
      unique nulls not distinct (topic, subject_id, transition_id, channel_id, recipient);
    -- One message belongs to one topic.
    alter table notification_messages add column topic text not null default 'alert';
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table notification_messages drop column topic;
    alter table notifications drop constraint notifications_once_of_topic;
    alter table notifications drop column subject_id, drop column facts_version, drop column topic;
  `.execute(db);
}
