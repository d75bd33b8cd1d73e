import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import type { EarlierRow } from './gate.ts';
import type { Facts, Tone } from './message.ts';

export interface MessageRow {
  readonly id: string;
  readonly channelId: string;
  readonly recipient: string;
  readonly tone: Tone;
  readonly attempts: number;
  readonly claimedUntil: Date | null;
  readonly createdAt: Date;
}

const messageColumns = sql`id, channel_id as "channelId", recipient, tone, attempts,
  claimed_until as "claimedUntil", created_at as "createdAt"`;

export async function findPendingChannel(
  tx: Tx,
  organizationId: string,
  messageId: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ channel_id: string }>`
    select channel_id from notification_messages
    where organization_id = ${organizationId} and id = ${messageId} and status = 'pending'`.execute(tx);
  return rows[0]?.channel_id;
}

export async function lockPendingMessage(
  tx: Tx,
  organizationId: string,
  messageId: string,
): Promise<MessageRow | undefined> {
  const { rows } = await sql<MessageRow>`
    select ${messageColumns} from notification_messages
    where organization_id = ${organizationId} and id = ${messageId} and status = 'pending' for update`.execute(
    tx,
  );
  return rows[0];
}

export async function countInFlight(
  tx: Tx,
  organizationId: string,
  channelId: string,
  now: Date,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from notification_messages
    where organization_id = ${organizationId} and channel_id = ${channelId} and status = 'pending'
      and claimed_until > ${now}`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** A row that the message still has to tell. */
export interface PendingItem {
  readonly notificationId: string;
  readonly alertId: string;
  readonly transitionKind: string;
  readonly facts: Facts;
}

export async function selectPendingItems(
  tx: Tx,
  organizationId: string,
  messageId: string,
): Promise<PendingItem[]> {
  const { rows } = await sql<PendingItem>`
    select id as "notificationId", alert_id as "alertId", transition_kind as "transitionKind", facts
    from notifications where organization_id = ${organizationId} and message_id = ${messageId} and status = 'pending'
    order by facts ->> 'opened_at', id`.execute(tx);
  return rows;
}

/** The earlier rows of these alerts to the same recipient, with their messages held still. */
export async function lockEarlierRows(
  tx: Tx,
  organizationId: string,
  alertIds: readonly string[],
  address: { channelId: string; recipient: string; now: Date },
): Promise<(EarlierRow & { alertId: string })[]> {
  const rowsOf = sql`notifications n where n.organization_id = ${organizationId} and n.alert_id = any(${alertIds}::uuid[])
    and n.channel_id = ${address.channelId} and n.recipient = ${address.recipient}
    and n.transition_kind in ('opened', 'unsuppressed', 'reopened', 'escalated')`;
  await sql`
    select id from notification_messages where id in (select n.message_id from ${rowsOf}) and status = 'pending'
    order by id for update`.execute(tx);
  const { rows } = await sql<EarlierRow & { alertId: string }>`
    select r.id as "notificationId", r.alert_id as "alertId", r.message_id as "messageId", r.status, r.reason,
      coalesce(m.status = 'pending' and m.claimed_until > ${address.now}, false) as "inFlight",
      coalesce(m.maybe_delivered, false) as "maybeDelivered"
    from (select n.* from ${rowsOf}) r left join notification_messages m on m.id = r.message_id`.execute(tx);
  return rows;
}

/** Closes rows that will not be told, and messages that have none left. */
export async function withdrawRows(
  tx: Tx,
  organizationId: string,
  rows: readonly { notificationId: string; reason: string }[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    with closed as (
      update notifications n set status = 'not_sent', reason = v.reason, settled_at = ${now}
      from unnest(${rows.map((row) => row.notificationId)}::uuid[], ${rows.map((row) => row.reason)}::text[])
        as v (id, reason)
      where n.organization_id = ${organizationId} and n.id = v.id and n.status = 'pending'
      returning n.id, n.message_id
    )
    update notification_messages m set status = 'cancelled', claimed_until = null, settled_at = ${now}
    where m.id in (select message_id from closed) and m.status = 'pending'
      -- The snapshot of this statement still shows the rows just closed as pending.
      and not exists (select from notifications n where n.message_id = m.id and n.status = 'pending'
        and n.id not in (select id from closed))`.execute(tx);
}

export async function claimMessage(
  tx: Tx,
  messageId: string,
  lease: { claimedUntil: Date; dueAt: Date },
): Promise<void> {
  await sql`
    update notification_messages set attempts = attempts + 1, claimed_until = ${lease.claimedUntil}, due_at = ${lease.dueAt}
    where id = ${messageId}`.execute(tx);
}

/** What still waits on a channel that is closed now; what is being sent this moment is left to its worker. */
export async function lockWaitingRows(
  tx: Tx,
  organizationId: string,
  channelId: string,
  now: Date,
): Promise<string[]> {
  await sql`
    select id from notification_messages
    where organization_id = ${organizationId} and channel_id = ${channelId} and status = 'pending'
    order by id for update`.execute(tx);
  const { rows } = await sql<{ id: string }>`
    select n.id from notifications n join notification_messages m on m.id = n.message_id
    where n.organization_id = ${organizationId} and m.channel_id = ${channelId} and m.status = 'pending'
      and n.status = 'pending' and (m.claimed_until is null or m.claimed_until <= ${now})`.execute(tx);
  return rows.map((row) => row.id);
}

/** All that the message had to tell was withdrawn. */
export async function cancelMessage(tx: Tx, messageId: string, now: Date): Promise<void> {
  await sql`
    update notification_messages set status = 'cancelled', claimed_until = null, settled_at = ${now}
    where id = ${messageId} and status = 'pending'`.execute(tx);
}

/** Nothing was tried: the message comes up again at `dueAt`. */
export async function postponeMessage(tx: Tx, messageId: string, dueAt: Date): Promise<void> {
  await sql`update notification_messages set due_at = ${dueAt} where id = ${messageId}`.execute(tx);
}

export interface Settlement {
  readonly status: 'sent' | 'failed';
  readonly reason: string | null;
  readonly maybeDelivered: boolean;
  readonly lastStatus: number | null;
  readonly lastAnswer: string | null;
}

/** Ends a message and its rows. Returns the ids of the rows, or none when somebody else had ended it. */
export async function settleMessage(
  tx: Tx,
  organizationId: string,
  messageId: string,
  settlement: Settlement,
  now: Date,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with ended as (
      update notification_messages set status = ${settlement.status}, claimed_until = null, settled_at = ${now},
        maybe_delivered = maybe_delivered or ${settlement.maybeDelivered},
        last_status = ${settlement.lastStatus}, last_answer = ${settlement.lastAnswer}
      where organization_id = ${organizationId} and id = ${messageId} and status = 'pending'
      returning id
    )
    update notifications n set status = ${settlement.status}, reason = ${settlement.reason}, settled_at = ${now}
    from ended where n.message_id = ended.id and n.status = 'pending' returning n.id`.execute(tx);
  return rows.map((row) => row.id);
}

/** A failed attempt that has a next one. Returns the ids of the rows that wait on. */
export async function rescheduleMessage(
  tx: Tx,
  organizationId: string,
  message: { id: string; attempts: number },
  retry: Omit<Settlement, 'status'> & { dueAt: Date },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with again as (
      update notification_messages set claimed_until = null, due_at = ${retry.dueAt},
        maybe_delivered = maybe_delivered or ${retry.maybeDelivered},
        last_status = ${retry.lastStatus}, last_answer = ${retry.lastAnswer}
      where organization_id = ${organizationId} and id = ${message.id} and status = 'pending'
        -- Another worker's attempt began after our lease ran out: its result counts.
        and attempts = ${message.attempts}
      returning id
    )
    update notifications n set reason = ${retry.reason}
    from again where n.message_id = again.id and n.status = 'pending' returning n.id`.execute(tx);
  return rows.map((row) => row.id);
}

/** Messages whose job never came back: it was lost, or its worker died. Moves them on, so that one sweep takes each. */
export async function takeOverdueMessages(
  tx: Tx,
  now: Date,
  options: { graceSeconds: number; limit: number },
): Promise<{ organization_id: string; id: string }[]> {
  const before = new Date(now.getTime() - options.graceSeconds * 1000);
  const { rows } = await sql<{ organization_id: string; id: string }>`
    update notification_messages set due_at = ${now} where id in (
      select id from notification_messages
      -- A claimed message is due, for the sweep, when its claim has run out: see claimDelivery.
      where status = 'pending' and due_at < ${before}
      order by due_at limit ${options.limit} for update skip locked)
    returning organization_id, id`.execute(tx);
  return rows;
}
