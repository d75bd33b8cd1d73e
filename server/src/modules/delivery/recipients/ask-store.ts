import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import { newId } from '#platform/ids';
import type { RecipientRow } from './store.ts';

type Address = Pick<RecipientRow, 'kind' | 'address'>;

/** Two who ask for one address at the same time are counted one after the other. */
export async function lockAddress(tx: Tx, { kind, address }: Address): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('recipients ' || ${kind} || ' ' || ${address}, 0))`.execute(
    tx,
  );
}

/** Mails that asked this address for a confirmation, in all organizations. */
export async function countAsks(tx: Tx, { kind, address }: Address, since: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from recipient_confirmations
    where kind = ${kind} and address = ${address} and asked_at > ${since}`.execute(tx);
  return rows[0]?.count ?? 0;
}

export async function insertAsk(
  tx: Tx,
  organizationId: string,
  { kind, address }: Address,
  now: Date,
): Promise<void> {
  await sql`
    insert into recipient_confirmations (organization_id, id, kind, address, asked_at)
    values (${organizationId}, ${newId()}, ${kind}, ${address}, ${now})`.execute(tx);
}

/** At most `limit`. Returns how many. */
export async function deleteOldAsks(tx: Tx, before: Date, limit: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with gone as (
      delete from recipient_confirmations where id in (
        select id from recipient_confirmations where asked_at < ${before} order by asked_at limit ${limit})
      returning 1
    )
    select count(*)::int as count from gone`.execute(tx);
  return rows[0]?.count ?? 0;
}
