import type { NotificationStatus } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

export interface NotificationRow {
  readonly id: string;
  readonly topic: string;
  readonly subject_id: string;
  readonly facts_version: number;
  readonly facts: object;
  readonly transition_id: string;
  readonly transition_kind: string;
  readonly channel_id: string | null;
  readonly channel_kind: string | null;
  readonly channel_name: string | null;
  readonly recipient: string;
  readonly status: NotificationStatus;
  readonly reason: string | null;
  readonly created_at: Date;
  readonly settled_at: Date | null;
  readonly message_id: string | null;
  readonly told_together: number;
  readonly attempts: number | null;
  readonly message_status: string | null;
  readonly due_at: Date | null;
  readonly last_status: number | null;
  readonly last_answer: string | null;
}

export interface LedgerFilter {
  /** undefined: all of them. */
  readonly subjects: readonly string[] | undefined;
  readonly channel: string | undefined;
  readonly status: NotificationStatus | undefined;
  readonly since: Date | undefined;
  readonly after: { at: Date; id: string } | undefined;
  readonly limit: number;
}

export async function selectNotifications(
  tx: Tx,
  organizationId: string,
  filter: LedgerFilter,
): Promise<NotificationRow[]> {
  const { subjects, channel, status, since, after } = filter;
  const { rows } = await sql<NotificationRow>`
    select n.id, n.topic, n.subject_id, n.facts_version, n.facts, n.transition_id, n.transition_kind, n.channel_id,
      n.channel_kind, n.channel_name, n.recipient, n.status, n.reason, n.created_at, n.settled_at, n.message_id,
      (select count(*)::int from notifications o where o.message_id = n.message_id) as told_together,
      m.attempts, m.status as message_status, m.due_at, m.last_status, m.last_answer
    from notifications n left join notification_messages m on m.id = n.message_id
    where n.organization_id = ${organizationId}
      ${subjects === undefined ? sql`` : sql`and n.subject_id = any(${[...subjects]}::uuid[])`}
      ${channel === undefined ? sql`` : sql`and n.channel_id = ${channel}`}
      ${status === undefined ? sql`` : sql`and n.status = ${status}`}
      ${since === undefined ? sql`` : sql`and n.created_at >= ${since}`}
      ${after === undefined ? sql`` : sql`and (n.created_at, n.id) < (${after.at}, ${after.id})`}
    order by n.created_at desc, n.id desc limit ${filter.limit}`.execute(tx);
  return rows;
}

/** Oldest first and at most `limit`; the next turn takes the rest. Nothing that waits is deleted. */
export async function deleteOldNotifications(tx: Tx, before: Date, limit: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with gone as (
      delete from notifications where id in (
        select id from notifications where created_at < ${before} and status <> 'pending'
        order by created_at limit ${limit})
      returning 1
    )
    select count(*)::int as count from gone`.execute(tx);
  await sql`
    delete from notification_messages where id in (
      select m.id from notification_messages m where m.created_at < ${before} and m.status <> 'pending'
        and not exists (select from notifications n where n.message_id = m.id)
      limit ${limit})`.execute(tx);
  return rows[0]?.count ?? 0;
}
