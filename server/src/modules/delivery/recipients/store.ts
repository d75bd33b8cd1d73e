import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { newId } from '#platform/ids';

/** Somebody who asked to be told of a topic. Thousands may have: they are read page by page. */
export interface RecipientRow {
  readonly id: string;
  /** The kind of channel that reaches them. */
  readonly kind: string;
  readonly address: string;
  readonly optedInAt: Date | null;
  readonly verifiedAt: Date | null;
  readonly suppressedAt: Date | null;
  readonly suppressedReason: string | null;
  readonly suppressedCause: SuppressedCause | null;
  /** Of mails and pages to them; null: English. */
  readonly language: string | null;
}

/** By themselves, or by a mail server that does not know the address. */
export type SuppressedCause = 'unsubscribed' | 'bounced';

const columns = sql`id, kind, address, opted_in_at as "optedInAt", verified_at as "verifiedAt",
  suppressed_at as "suppressedAt", suppressed_reason as "suppressedReason", suppressed_cause as "suppressedCause",
  language`;

export interface NewRecipient {
  readonly topic: string;
  /** The part of the topic that they asked for; null: all of it. */
  readonly scopeId: string | null;
  readonly kind: string;
  readonly address: string;
  readonly optedInAt: Date | null;
  /** Left out: English. */
  readonly language?: string;
}

/** One row for an address, however often it is added; the first wish stands. Returns its id. */
export async function insertRecipient(
  tx: Tx,
  organizationId: string,
  { topic, scopeId, kind, address, optedInAt, language }: NewRecipient,
  now: Date,
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into recipients (organization_id, id, topic, scope_id, kind, address, opted_in_at, language, created_at)
    values (${organizationId}, ${newId()}, ${topic}, ${scopeId}, ${kind}, ${address}, ${optedInAt}, ${language ?? null}, ${now})
    on conflict on constraint recipients_once do update set
      opted_in_at = coalesce(recipients.opted_in_at, excluded.opted_in_at),
      language = coalesce(excluded.language, recipients.language)
    returning id`.execute(tx);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The recipient just written is not there.');
  return id;
}

/** They showed that the address is theirs. */
export async function verifyRecipient(tx: Tx, organizationId: string, id: string, now: Date): Promise<void> {
  await sql`
    update recipients set verified_at = coalesce(verified_at, ${now})
    where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}

/**
 * They confirm by a link of theirs that the address is theirs and that they wish to be told. It takes back an
 * unsubscription that is older than the link. Returns the row as it is now.
 */
export async function confirmRecipient(
  tx: Tx,
  organizationId: string,
  id: string,
  linkIssuedAt: Date,
  now: Date,
): Promise<RecipientRow | undefined> {
  const lifts = sql`(suppressed_cause = 'unsubscribed' and suppressed_at <= ${linkIssuedAt})`;
  const { rows } = await sql<RecipientRow>`
    update recipients set verified_at = coalesce(verified_at, ${now}), opted_in_at = coalesce(opted_in_at, ${now}),
      suppressed_at = case when ${lifts} then null else suppressed_at end,
      suppressed_reason = case when ${lifts} then null else suppressed_reason end,
      suppressed_cause = case when ${lifts} then null else suppressed_cause end
    where organization_id = ${organizationId} and id = ${id} returning ${columns}`.execute(tx);
  return rows[0];
}

/** By their own wish; a new confirmation takes it back. */
export async function unsubscribeRecipient(
  tx: Tx,
  organizationId: string,
  id: string,
  now: Date,
): Promise<void> {
  await sql`
    update recipients set suppressed_at = ${now}, suppressed_reason = 'They unsubscribed.',
      suppressed_cause = 'unsubscribed'
    where organization_id = ${organizationId} and id = ${id} and suppressed_at is null`.execute(tx);
}

/** A hard bounce: whatever they asked for, this address takes no mail. */
export async function suppressBounced(
  tx: Tx,
  organizationId: string,
  { kind, address }: Pick<RecipientRow, 'kind' | 'address'>,
  reason: string,
  now: Date,
): Promise<void> {
  await sql`
    update recipients set suppressed_at = ${now}, suppressed_reason = ${reason}, suppressed_cause = 'bounced'
    where organization_id = ${organizationId} and kind = ${kind} and address = ${address}
      and suppressed_at is null`.execute(tx);
}

/** Nothing is sent to them from now on, not even what is planned already. */
export async function suppressRecipient(
  tx: Tx,
  organizationId: string,
  id: string,
  reason: string,
  now: Date,
): Promise<void> {
  await sql`
    update recipients set suppressed_at = ${now}, suppressed_reason = ${reason}
    where organization_id = ${organizationId} and id = ${id} and suppressed_at is null`.execute(tx);
}

/** Removes the address. The ledger keeps its rows until their own retention ends. */
export async function removeRecipient(tx: Tx, organizationId: string, id: string): Promise<void> {
  await sql`delete from recipients where organization_id = ${organizationId} and id = ${id}`.execute(tx);
}

export async function findRecipient(
  tx: Tx,
  organizationId: string,
  id: string,
): Promise<RecipientRow | undefined> {
  const { rows } = await sql<RecipientRow>`
    select ${columns} from recipients where organization_id = ${organizationId} and id = ${id}`.execute(tx);
  return rows[0];
}

/** One page of those who asked for this; `afterId` is the last one of the page before. */
export async function selectRecipients(
  tx: Tx,
  organizationId: string,
  of: { readonly topic: string; readonly scopeId: string | null },
  page: { readonly afterId: string | null; readonly limit: number },
): Promise<RecipientRow[]> {
  const { rows } = await sql<RecipientRow>`
    select ${columns} from recipients
    where organization_id = ${organizationId} and topic = ${of.topic} and scope_id is not distinct from ${of.scopeId}
      and (${page.afterId}::uuid is null or id > ${page.afterId}::uuid)
    order by id limit ${page.limit}`.execute(tx);
  return rows;
}
