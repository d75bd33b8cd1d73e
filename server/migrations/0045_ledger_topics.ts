import { type Kysely, sql } from 'kysely';

// Compatible: the release before goes on writing and reading `alert_id`, and its rows are of the topic "alert".
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table notifications
      -- What kind of subject it is about: alert, later incident and others.
      add column topic text not null default 'alert',
      -- How "facts" is to be read.
      add column facts_version integer not null default 1,
      -- The release after this one makes it a plain column and drops alert_id.
      add column subject_id uuid not null generated always as (alert_id) stored;
    alter table notifications add constraint notifications_once_of_topic
      unique nulls not distinct (topic, subject_id, transition_id, channel_id, recipient);
    -- One message tells of one topic.
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
