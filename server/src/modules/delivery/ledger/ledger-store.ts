import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { newId } from '#platform/ids';
import { toJson } from '#platform/storable';
import type { LedgerTopic, PlannedRow, Told, Transition } from './planned-row.ts';

/** Plans of one organization run one after the other: a resolution never races its own opening. False: somebody plans now. */
export async function tryLockLedger(tx: Tx, organizationId: string): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('notifications ' || ${organizationId}, 0)) as locked`.execute(
    tx,
  );
  return rows[0]?.locked === true;
}

/**
 * Of these transitions those that the ledger knows already. A row that said that one could not be planned is taken
 * away: it is planned now.
 */
export async function beginPlan(
  tx: Tx,
  organizationId: string,
  topic: string,
  transitions: readonly Pick<Transition, 'id' | 'subjectId'>[],
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    with known as (
      select n.id, n.transition_id, n.status = 'failed' and n.message_id is null as unplannable
      from unnest(${transitions.map((t) => t.subjectId)}::uuid[], ${transitions.map((t) => t.id)}::uuid[])
        as t (subject_id, id)
      join notifications n on n.topic = ${topic} and n.subject_id = t.subject_id and n.transition_id = t.id
      where n.organization_id = ${organizationId}
    ), gone as (
      delete from notifications where id in (select id from known where unplannable)
    )
    select distinct transition_id as id from known where not unplannable`.execute(tx);
  return new Set(rows.map((row) => row.id));
}

/** Earlier rows of these subjects in transitions of these kinds, for all recipients. */
export async function selectTold(
  tx: Tx,
  organizationId: string,
  topic: string,
  of: { readonly subjectIds: readonly string[]; readonly kinds: readonly string[] },
): Promise<Told[]> {
  const { rows } = await sql<Told>`
    select n.subject_id as "subjectId", n.transition_kind as kind, n.channel_id as "channelId", n.recipient_id as "recipientId", n.channel_kind as "channelKind",
      n.channel_name as "channelName", n.recipient, n.status, n.reason,
      coalesce(m.maybe_delivered, false) as "maybeDelivered"
    from notifications n left join notification_messages m on m.id = n.message_id
    where n.organization_id = ${organizationId} and n.topic = ${topic}
      and n.subject_id = any(${[...of.subjectIds]}::uuid[]) and n.transition_kind = any(${[...of.kinds]}::text[])
    order by n.created_at, n.id`.execute(tx);
  return rows;
}

/** Writes the ledger. An existing row stays as it is. */
export async function insertNotifications(
  tx: Tx,
  organizationId: string,
  topic: LedgerTopic,
  rows: readonly PlannedRow[],
  messageOf: ReadonlyMap<PlannedRow, string>,
  now: Date,
): Promise<string[]> {
  if (rows.length === 0) return [];
  const values = rows.map((row) => ({
    id: newId(),
    // The column of the release before; "subject_id" follows it.
    alert_id: row.transition.subjectId,
    transition_id: row.transition.id,
    transition_kind: row.transition.kind,
    channel_id: row.channelId,
    recipient_id: row.recipientId ?? null,
    channel_kind: row.channelKind,
    channel_name: row.channelName,
    recipient: row.recipient,
    status: row.notSent === undefined ? 'pending' : 'not_sent',
    reason: row.notSent ?? null,
    message_id: messageOf.get(row) ?? null,
    facts: row.transition.facts,
    settled_at: row.notSent === undefined ? null : now,
  }));
  const inserted = await sql<{ id: string }>`
    insert into notifications (organization_id, topic, facts_version, id, alert_id, transition_id, transition_kind,
      channel_id, recipient_id, channel_kind, channel_name, recipient, status, reason, message_id, facts, created_at, settled_at)
    select ${organizationId}, ${topic.topic}, ${topic.version}, id, alert_id, transition_id, transition_kind, channel_id, recipient_id, channel_kind, channel_name,
      recipient, status, reason, message_id, facts, ${now}, settled_at
    from jsonb_to_recordset(${toJson(values)}::jsonb) as v (id uuid, alert_id uuid, transition_id uuid,
      transition_kind text, channel_id uuid, recipient_id uuid, channel_kind text, channel_name text, recipient text, status text,
      reason text, message_id uuid, facts jsonb, settled_at timestamptz)
    on conflict do nothing
    returning id`.execute(tx);
  return inserted.rows.map((row) => row.id);
}

/** The row of a transition that could not be planned. */
export async function insertUnplannable(
  tx: Tx,
  organizationId: string,
  topic: LedgerTopic,
  transition: Transition,
  reason: string,
  now: Date,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    insert into notifications (organization_id, topic, facts_version, id, alert_id, transition_id, transition_kind,
      recipient, status, reason, facts, created_at, settled_at)
    values (${organizationId}, ${topic.topic}, ${topic.version}, ${newId()}, ${transition.subjectId}, ${transition.id}, ${transition.kind}, '', 'failed',
      ${reason}, ${toJson(transition.facts)}::jsonb, ${now}, ${now})
    on conflict do nothing
    returning id`.execute(tx);
  return rows.map((row) => row.id);
}
