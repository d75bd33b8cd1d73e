import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import type { StoredConfig } from '#platform/kinds/secrets';

/** A message that is due, with the channel, or the kind and address, that say where it goes. */
export interface DueMessage extends StoredConfig {
  readonly organizationId: string;
  readonly id: string;
  /** null: it goes to a recipient of its own. */
  readonly channelId: string | null;
  readonly recipient: string;
  /** null: the channel was deleted, or the recipient removed. */
  readonly kind: string | null;
  /** Which of its organization's this is, from 1 on. */
  readonly place: number;
}

/**
 * What is due, in fair turns: of each channel the oldest few, of each organization one channel after the
 * other, so that neither a long backlog nor a large tenant fills the page. All recipients of a topic are one
 * lane, as a channel is: thousands of them hold up no alert. Across tenants.
 */
export async function selectDueMessages(
  tx: Tx,
  page: {
    perChannel: number;
    limit: number;
    busyChannels: readonly string[];
    kinds: readonly string[];
    topics: readonly string[];
  },
): Promise<DueMessage[]> {
  const { rows } = await sql<DueMessage>`
    with waiting as (
      select w.organization_id, w.channel_id, m.recipient, c.kind, c.config, c.secrets, m.id, m.due_at,
        row_number() over (partition by w.channel_id order by m.due_at) as turn
      from (select distinct organization_id, channel_id from notification_messages
        where status = 'pending' and due_at <= clock_timestamp()
          and coalesce(claimed_until <= clock_timestamp(), true) and topic = any(${[...page.topics]}::text[])
          and channel_id <> all(${[...page.busyChannels]}::uuid[])) w
      left join channels c on c.id = w.channel_id
      cross join lateral (
        select id, recipient, due_at from notification_messages
        where channel_id = w.channel_id and status = 'pending' and due_at <= clock_timestamp()
          and coalesce(claimed_until <= clock_timestamp(), true) and topic = any(${[...page.topics]}::text[])
        order by due_at limit ${page.perChannel}) m
      where c.id is null or c.kind = any(${[...page.kinds]})
      union all
      select w.organization_id, null, m.recipient, m.kind, '{}', null, m.id, m.due_at,
        row_number() over (partition by w.organization_id, w.topic order by m.due_at) as turn
      from (select distinct organization_id, topic from notification_messages
        where recipient_id is not null and status = 'pending' and due_at <= clock_timestamp()
          and coalesce(claimed_until <= clock_timestamp(), true) and topic = any(${[...page.topics]}::text[])) w
      cross join lateral (
        select n.id, n.recipient, n.due_at, r.kind from notification_messages n
        left join recipients r on r.id = n.recipient_id
        where n.organization_id = w.organization_id and n.topic = w.topic and n.recipient_id is not null
          and n.status = 'pending' and n.due_at <= clock_timestamp()
          and coalesce(n.claimed_until <= clock_timestamp(), true)
          and (r.id is null or r.kind = any(${[...page.kinds]}))
        order by n.due_at limit ${page.perChannel}) m
    ), placed as (
      select *, row_number() over (partition by organization_id order by turn, due_at) as place from waiting
    )
    select organization_id as "organizationId", id, channel_id as "channelId", recipient, kind, config, secrets,
      place::int
    from placed order by place, due_at limit ${page.limit}`.execute(tx);
  return rows;
}

/** Messages of the whole install that are late, and by how much the oldest is. */
export async function readDeliveryBacklog(
  tx: Tx,
  lateSeconds: number,
): Promise<{ late: number; oldestSeconds: number }> {
  const { rows } = await sql<{ late: number; oldestSeconds: number }>`
    select count(*)::int as late, coalesce(max(extract(epoch from clock_timestamp() - due_at)), 0)::float8 as "oldestSeconds"
    from notification_messages
    where status = 'pending' and due_at < clock_timestamp() - make_interval(secs => ${lateSeconds})`.execute(
    tx,
  );
  return rows[0] ?? { late: 0, oldestSeconds: 0 };
}
