import { type Kysely, sql } from 'kysely';

// Compatible: adds indexes only. Lists show how often a rule fired, and the last results of a channel.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index alerts_of_rule on alerts (organization_id, rule_id, opened_at desc);
    create index notifications_channel_result on notifications (organization_id, channel_id, settled_at desc)
      where status in ('sent', 'failed');
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index alerts_of_rule, notifications_channel_result`.execute(db);
}
