import type { NotificationStatus } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { newId } from '#platform/ids';
import { toJson } from '#platform/storable';
import { addressKey, type NewMessage, type OpenDigest } from './bundle.ts';
import type { Facts } from './message.ts';
import type { PlannedRow, Told, Transition } from './plan.ts';

/** Plans of one organization run one after the other: a resolution never races its own opening. False: somebody plans now. */
export async function tryLockLedger(tx: Tx, organizationId: string): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('notifications ' || ${organizationId}, 0)) as locked`.execute(
    tx,
  );
  return rows[0]?.locked === true;
}

interface TransitionRow extends Omit<Transition, 'escalateTo' | 'facts'> {
  readonly escalateTo: unknown;
  readonly facts: Facts;
}

/** The transitions of one event that the ledger does not know yet, oldest alert first. */
export async function selectNewTransitions(
  tx: Tx,
  organizationId: string,
  transitionIds: readonly string[],
): Promise<Transition[]> {
  const { rows } = await sql<TransitionRow>`
    select t.id, t.alert_id as "alertId", t.kind, a.severity, a.status as "alertStatus",
      a.suppressed_by as "suppressedBy", a.suppressed_reason as "suppressedReason",
      coalesce(r.channels, '{}') as tells, r.escalation -> 'escalate_to_channels' as "escalateTo",
      jsonb_build_object(
        'alert_id', a.id, 'transition', t.kind, 'at', t.at, 'type', a.type, 'severity', a.severity,
        'title', a.title, 'why', a.why,
        'site', case when s.id is null then null
          else jsonb_build_object('slug', s.slug, 'name', s.name, 'timezone', s.timezone) end,
        'area', ar.name,
        'device', case when d.id is null then null else jsonb_build_object('slug', d.slug, 'name', d.name) end,
        'opened_at', a.opened_at,
        'resolved_at', case when t.kind = 'resolved' then coalesce(a.resolved_at, t.at) end,
        'resolved_by', case when t.kind = 'resolved' and t.actor_kind <> 'system' then t.actor_name end,
        'resolved_reason', case when t.kind = 'resolved' then coalesce(a.resolved_reason, t.why) end,
        'action_taken', case when t.kind = 'resolved' then a.action_taken end
      ) as facts
    from alert_transitions t
    join alerts a on a.id = t.alert_id
    left join rules r on r.id = a.rule_id
    left join sites s on s.id = a.site_id
    left join devices d on d.id = a.device_id
    left join areas ar on ar.id = d.area_id
    where t.organization_id = ${organizationId} and t.id = any(${transitionIds}::uuid[])
      and not exists (select from notifications n where n.alert_id = t.alert_id and n.transition_id = t.id)
    order by a.opened_at, t.id`.execute(tx);
  return rows.map((row) => ({
    ...row,
    escalateTo: textList(row.escalateTo),
    facts: withUtcTimes(row.facts),
  }));
}

/** PostgreSQL writes the offset of its session; messages say Z. */
function withUtcTimes(facts: Facts): Facts {
  const utc = (text: string) => new Date(text).toISOString();
  return {
    ...facts,
    at: utc(facts.at),
    opened_at: utc(facts.opened_at),
    resolved_at: facts.resolved_at === null ? null : utc(facts.resolved_at),
  };
}

function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** What these alerts' recipients were told so far of their being open. */
export async function selectTold(
  tx: Tx,
  organizationId: string,
  alertIds: readonly string[],
): Promise<Told[]> {
  const { rows } = await sql<Told>`
    select n.alert_id as "alertId", n.channel_id as "channelId", n.channel_kind as "channelKind",
      n.channel_name as "channelName", n.recipient, n.status, n.reason,
      coalesce(m.maybe_delivered, false) as "maybeDelivered"
    from notifications n left join notification_messages m on m.id = n.message_id
    where n.organization_id = ${organizationId} and n.alert_id = any(${alertIds}::uuid[])
      and n.transition_kind in ('opened', 'unsuppressed', 'reopened', 'escalated')
    order by n.created_at, n.id`.execute(tx);
  return rows;
}

/** Messages of the last minute per recipient; digests do not count against their own limit. */
export async function countRecentMessages(
  tx: Tx,
  organizationId: string,
  since: Date,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ channel_id: string; recipient: string; count: number }>`
    select channel_id, recipient, count(*)::int as count from notification_messages
    where organization_id = ${organizationId} and created_at > ${since} and tone <> 'digest' and status <> 'cancelled'
    group by channel_id, recipient`.execute(tx);
  return new Map(rows.map((row) => [addressKey(row.channel_id, row.recipient), row.count]));
}

/** Digests that nobody has begun to send; locked, so that none begins while rows are added. */
export async function lockOpenDigests(tx: Tx, organizationId: string): Promise<OpenDigest[]> {
  const { rows } = await sql<OpenDigest>`
    with open as (
      select id, channel_id, recipient from notification_messages
      where organization_id = ${organizationId} and status = 'pending' and tone = 'digest' and attempts = 0
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
  messages: readonly NewMessage[],
  now: Date,
): Promise<void> {
  if (messages.length === 0) return;
  await sql`
    insert into notification_messages (organization_id, id, channel_id, recipient, tone, status, due_at, created_at)
    select ${organizationId}, id, channel_id, recipient, tone, 'pending',
      clock_timestamp() + make_interval(secs => start_after), ${now}
    from unnest(${messages.map((m) => m.id)}::uuid[], ${messages.map((m) => m.channelId)}::uuid[],
      ${messages.map((m) => m.recipient)}::text[], ${messages.map((m) => m.tone)}::text[],
      ${messages.map((m) => m.startAfterSeconds)}::float8[]) as m (id, channel_id, recipient, tone, start_after)`.execute(
    tx,
  );
}

/** Writes the ledger. A row that is already there stays: it was told, or not, for good. */
export async function insertNotifications(
  tx: Tx,
  organizationId: string,
  rows: readonly PlannedRow[],
  messageOf: ReadonlyMap<PlannedRow, string>,
  now: Date,
): Promise<string[]> {
  if (rows.length === 0) return [];
  const values = rows.map((row) => ({
    id: newId(),
    alert_id: row.transition.alertId,
    transition_id: row.transition.id,
    transition_kind: row.transition.kind,
    channel_id: row.channelId,
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
    insert into notifications (organization_id, id, alert_id, transition_id, transition_kind, channel_id, channel_kind,
      channel_name, recipient, status, reason, message_id, facts, created_at, settled_at)
    select ${organizationId}, id, alert_id, transition_id, transition_kind, channel_id, channel_kind, channel_name,
      recipient, status, reason, message_id, facts, ${now}, settled_at
    from jsonb_to_recordset(${toJson(values)}::jsonb) as v (id uuid, alert_id uuid, transition_id uuid,
      transition_kind text, channel_id uuid, channel_kind text, channel_name text, recipient text, status text,
      reason text, message_id uuid, facts jsonb, settled_at timestamptz)
    on conflict on constraint notifications_once do nothing
    returning id`.execute(tx);
  return inserted.rows.map((row) => row.id);
}

/** The row of a transition that could not be planned: made of what surely is there. */
export async function insertUnplannable(
  tx: Tx,
  organizationId: string,
  transitionId: string,
  reason: string,
  now: Date,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    insert into notifications (organization_id, id, alert_id, transition_id, transition_kind, recipient, status, reason,
      facts, created_at, settled_at)
    select t.organization_id, ${newId()}, t.alert_id, t.id, t.kind, '', 'failed', ${reason},
      jsonb_build_object('alert_id', a.id, 'transition', t.kind, 'at', t.at, 'type', a.type, 'severity', a.severity,
        'title', a.title, 'why', a.why, 'opened_at', a.opened_at), ${now}, ${now}
    from alert_transitions t join alerts a on a.id = t.alert_id
    where t.organization_id = ${organizationId} and t.id = ${transitionId}
    on conflict on constraint notifications_once do nothing
    returning id`.execute(tx);
  return rows.map((row) => row.id);
}

export interface NotificationRow {
  readonly id: string;
  readonly alert_id: string;
  readonly alert_title: string;
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
  readonly alert: string | undefined;
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
  const { alert, channel, status, since, after } = filter;
  const { rows } = await sql<NotificationRow>`
    select n.id, n.alert_id, n.facts ->> 'title' as alert_title, n.transition_id, n.transition_kind, n.channel_id,
      n.channel_kind, n.channel_name, n.recipient, n.status, n.reason, n.created_at, n.settled_at, n.message_id,
      (select count(*)::int from notifications o where o.message_id = n.message_id) as told_together,
      m.attempts, m.status as message_status, m.due_at, m.last_status, m.last_answer
    from notifications n left join notification_messages m on m.id = n.message_id
    where n.organization_id = ${organizationId}
      ${alert === undefined ? sql`` : sql`and n.alert_id = ${alert}`}
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
