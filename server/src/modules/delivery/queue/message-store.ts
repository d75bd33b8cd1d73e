import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import type { EarlierRow } from '../topics/gate.ts';
import type { Tone } from '../topics/message.ts';

export interface MessageRow {
  readonly id: string;
  readonly topic: string;
  readonly channelId: string | null;
  /** A recipient with a row of its own; null: a recipient of the channel. */
  readonly recipientId: string | null;
  readonly recipient: string;
  readonly tone: Tone;
  readonly attempts: number;
  /** A worker is sending it right now. */
  readonly held: boolean;
  readonly createdAt: Date;
}

/**
 * Only the database's clock decides when a message is due and how long a claim lasts, so the clocks of two
 * processes are never compared.
 */
const messageColumns = sql`id, topic, channel_id as "channelId", recipient_id as "recipientId", recipient, tone, attempts,
  coalesce(claimed_until > clock_timestamp(), false) as held, created_at as "createdAt"`;

export async function findPendingAddress(
  tx: Tx,
  organizationId: string,
  messageId: string,
): Promise<Pick<MessageRow, 'channelId' | 'recipientId'> | undefined> {
  const { rows } = await sql<Pick<MessageRow, 'channelId' | 'recipientId'>>`
    select channel_id as "channelId", recipient_id as "recipientId" from notification_messages
    where organization_id = ${organizationId} and id = ${messageId} and status = 'pending'`.execute(tx);
  return rows[0];
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

/** A row that the message still has to tell. */
export interface PendingItem {
  readonly notificationId: string;
  readonly subjectId: string;
  readonly transitionKind: string;
  readonly factsVersion: number;
  readonly facts: object;
}

export async function selectPendingItems(
  tx: Tx,
  organizationId: string,
  messageId: string,
): Promise<PendingItem[]> {
  const { rows } = await sql<PendingItem>`
    select id as "notificationId", subject_id as "subjectId", transition_kind as "transitionKind",
      facts_version as "factsVersion", facts
    from notifications where organization_id = ${organizationId} and message_id = ${messageId} and status = 'pending'
    order by id`.execute(tx);
  return rows;
}

/** The earlier rows of these subjects to the same recipient, with their messages held still. */
export async function lockEarlierRows(
  tx: Tx,
  organizationId: string,
  of: { subjectIds: readonly string[]; kinds: readonly string[] },
  address: Pick<MessageRow, 'topic' | 'channelId' | 'recipientId' | 'recipient'>,
): Promise<(EarlierRow & { subjectId: string })[]> {
  const rowsOf = sql`notifications n where n.organization_id = ${organizationId}
    and n.topic = ${address.topic} and n.subject_id = any(${[...of.subjectIds]}::uuid[]) and n.transition_kind = any(${[...of.kinds]}::text[])
    and n.channel_id is not distinct from ${address.channelId}
    and n.recipient_id is not distinct from ${address.recipientId} and n.recipient = ${address.recipient}`;
  await sql`
    select id from notification_messages where id in (select n.message_id from ${rowsOf}) and status = 'pending'
    order by id for update`.execute(tx);
  const { rows } = await sql<EarlierRow & { subjectId: string }>`
    select r.id as "notificationId", r.subject_id as "subjectId", r.message_id as "messageId", r.status, r.reason,
      coalesce(m.status = 'pending' and m.claimed_until > clock_timestamp(), false) as "inFlight",
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

/**
 * Takes the message for one attempt. If an earlier claim ran out, its worker died, perhaps after it had sent:
 * so the receiver may already have the message.
 */
export async function claimMessage(tx: Tx, messageId: string, claimSeconds: number): Promise<void> {
  await sql`
    update notification_messages set attempts = attempts + 1,
      maybe_delivered = maybe_delivered or claimed_until is not null,
      claimed_until = clock_timestamp() + make_interval(secs => ${claimSeconds}),
      due_at = clock_timestamp() + make_interval(secs => ${claimSeconds})
    where id = ${messageId}`.execute(tx);
}

/** Rows that still wait on a channel that is closed now. Messages that a worker is sending are left to that worker. */
export async function lockWaitingRows(tx: Tx, organizationId: string, channelId: string): Promise<string[]> {
  await sql`
    select id from notification_messages
    where organization_id = ${organizationId} and channel_id = ${channelId} and status = 'pending'
    order by id for update`.execute(tx);
  const { rows } = await sql<{ id: string }>`
    select n.id from notifications n join notification_messages m on m.id = n.message_id
    where n.organization_id = ${organizationId} and m.channel_id = ${channelId} and m.status = 'pending'
      and n.status = 'pending' and (m.claimed_until is null or m.claimed_until <= clock_timestamp())`.execute(
    tx,
  );
  return rows.map((row) => row.id);
}

/** All that the message had to tell was withdrawn. */
export async function cancelMessage(tx: Tx, messageId: string, now: Date): Promise<void> {
  await sql`
    update notification_messages set status = 'cancelled', claimed_until = null, settled_at = ${now}
    where id = ${messageId} and status = 'pending'`.execute(tx);
}

/** Nothing was tried: the message is due again after `seconds`. */
export async function postponeMessage(tx: Tx, messageId: string, seconds: number): Promise<void> {
  await sql`
    update notification_messages set due_at = clock_timestamp() + make_interval(secs => ${seconds})
    where id = ${messageId}`.execute(tx);
}

export interface Settlement {
  readonly status: 'sent' | 'failed';
  readonly reason: string | null;
  readonly maybeDelivered: boolean;
  readonly lastStatus: number | null;
  readonly lastAnswer: string | null;
}

/** One attempt. Its result counts only while no later attempt has begun. */
export interface Attempt {
  readonly id: string;
  readonly attempts: number;
}

/** Ends a message and its rows. Returns the ids of the rows, or none when a later attempt has begun. */
export async function settleMessage(
  tx: Tx,
  organizationId: string,
  message: Attempt,
  settlement: Settlement,
  now: Date,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with ended as (
      update notification_messages set status = ${settlement.status}, claimed_until = null, settled_at = ${now},
        maybe_delivered = maybe_delivered or ${settlement.maybeDelivered},
        last_status = ${settlement.lastStatus}, last_answer = ${settlement.lastAnswer}
      where organization_id = ${organizationId} and id = ${message.id} and status = 'pending'
        and attempts = ${message.attempts}
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
  message: Attempt,
  retry: Omit<Settlement, 'status'> & { delaySeconds: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with again as (
      update notification_messages set claimed_until = null,
        due_at = clock_timestamp() + make_interval(secs => ${retry.delaySeconds}),
        maybe_delivered = maybe_delivered or ${retry.maybeDelivered},
        last_status = ${retry.lastStatus}, last_answer = ${retry.lastAnswer}
      where organization_id = ${organizationId} and id = ${message.id} and status = 'pending'
        and attempts = ${message.attempts}
      returning id
    )
    update notifications n set reason = ${retry.reason}
    from again where n.message_id = again.id and n.status = 'pending' returning n.id`.execute(tx);
  return rows.map((row) => row.id);
}

/** An attempt reached the receiver, or may have, after a later attempt had begun. */
export async function noteLateArrival(tx: Tx, organizationId: string, message: Attempt): Promise<void> {
  await sql`
    update notification_messages set maybe_delivered = true
    where organization_id = ${organizationId} and id = ${message.id} and attempts > ${message.attempts}`.execute(
    tx,
  );
}
