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
}

const columns = sql`id, kind, address, opted_in_at as "optedInAt", verified_at as "verifiedAt",
  suppressed_at as "suppressedAt", suppressed_reason as "suppressedReason"`;

export interface NewRecipient {
  readonly topic: string;
  /** What of the topic they asked for; null: all of it. */
  readonly scopeId: string | null;
  readonly kind: string;
  readonly address: string;
  readonly optedInAt: Date | null;
}

/** One row for an address, however often it is added; the first word stands. Returns its id. */
export async function insertRecipient(
  tx: Tx,
  organizationId: string,
  { topic, scopeId, kind, address, optedInAt }: NewRecipient,
  now: Date,
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into recipients (organization_id, id, topic, scope_id, kind, address, opted_in_at, created_at)
    values (${organizationId}, ${newId()}, ${topic}, ${scopeId}, ${kind}, ${address}, ${optedInAt}, ${now})
    on conflict on constraint recipients_once do update set opted_in_at = coalesce(recipients.opted_in_at, excluded.opted_in_at)
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

/** Forgets the address; the ledger keeps what was sent to it for as long as it is kept. */
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
