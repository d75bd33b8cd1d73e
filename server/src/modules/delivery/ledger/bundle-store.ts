import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { addressKey, type NewMessage, type OpenDigest } from './bundle.ts';

/** Messages of the last minute per recipient; digests do not count against their own limit. */
export async function countRecentMessages(
  tx: Tx,
  organizationId: string,
  since: Date,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ channel_id: string; recipient: string; count: number }>`
    select coalesce(channel_id, recipient_id) as channel_id, recipient, count(*)::int as count from notification_messages
    where organization_id = ${organizationId} and created_at > ${since} and tone <> 'digest' and status <> 'cancelled'
    group by 1, 2`.execute(tx);
  return new Map(rows.map((row) => [addressKey(row.channel_id, row.recipient), row.count]));
}

/** Digests that nobody has begun to send; locked, so that none begins while rows are added. */
export async function lockOpenDigests(tx: Tx, organizationId: string, topic: string): Promise<OpenDigest[]> {
  const { rows } = await sql<OpenDigest>`
    with open as (
      select id, coalesce(channel_id, recipient_id) as channel_id, recipient from notification_messages
      where organization_id = ${organizationId} and topic = ${topic} and status = 'pending' and tone = 'digest'
        and attempts = 0
      order by created_at desc for update
    )
    select o.id as "messageId", o.channel_id as "channelId", o.recipient,
      (select count(*)::int from notifications n where n.message_id = o.id) as count
    from open o`.execute(tx);
  return rows;
}

export async function insertMessages(
  tx: Tx,
  organizationId: string,
  topic: string,
  messages: readonly NewMessage[],
  now: Date,
): Promise<void> {
  if (messages.length === 0) return;
  await sql`
    insert into notification_messages (organization_id, topic, id, channel_id, recipient_id, recipient, tone, status,
      due_at, created_at)
    select ${organizationId}, ${topic}, id, channel_id, recipient_id, recipient, tone, 'pending',
      clock_timestamp() + make_interval(secs => start_after), ${now}
    from unnest(${messages.map((m) => m.id)}::uuid[], ${messages.map((m) => m.channelId)}::uuid[],
      ${messages.map((m) => m.recipientId)}::uuid[],
      ${messages.map((m) => m.recipient)}::text[], ${messages.map((m) => m.tone)}::text[],
      ${messages.map((m) => m.startAfterSeconds)}::float8[]) as m (id, channel_id, recipient_id, recipient, tone, start_after)`.execute(
    tx,
  );
}
