import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

/** The organization of the channel: the address of a callback names only the channel. */
export async function findOrganizationOfChannel(
  tx: Tx,
  kind: string,
  channelId: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select organization_id as id from channels where id = ${channelId} and kind = ${kind}`.execute(tx);
  return rows[0]?.id;
}

/** False: this very request was taken before. */
export async function markCallback(
  tx: Tx,
  organizationId: string,
  channelId: string,
  mark: string,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    insert into channel_callbacks (organization_id, channel_id, mark, taken_at)
    values (${organizationId}, ${channelId}, ${mark}, ${now})
    on conflict do nothing returning true as taken`.execute(tx);
  return rows.length > 0;
}

/** Oldest first and at most `limit`. Returns how many. */
export async function deleteOldCallbacks(tx: Tx, before: Date, limit: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with gone as (
      delete from channel_callbacks where (channel_id, mark) in (
        select channel_id, mark from channel_callbacks where taken_at < ${before}
        order by taken_at limit ${limit})
      returning 1
    )
    select count(*)::int as count from gone`.execute(tx);
  return rows[0]?.count ?? 0;
}
