import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

/** Whose shifts a feed holds: those of a person in all schedules, or all of one schedule. */
export type FeedOf = { readonly userId: string } | { readonly scheduleId: string };

const isOf = (of: FeedOf) =>
  'userId' in of ? sql`user_id = ${of.userId}` : sql`schedule_id = ${of.scheduleId}`;

/** A new address replaces the old one. */
export async function saveFeed(
  tx: Tx,
  organizationId: string,
  of: FeedOf,
  feed: { tokenHash: Buffer; at: Date },
): Promise<void> {
  const [userId, scheduleId] = 'userId' in of ? [of.userId, null] : [null, of.scheduleId];
  const key = userId === null ? sql`(schedule_id)` : sql`(organization_id, user_id)`;
  await sql`
    insert into oncall_feeds (organization_id, token_hash, user_id, schedule_id, created_at)
    values (${organizationId}, ${feed.tokenHash}, ${userId}, ${scheduleId}, ${feed.at})
    on conflict ${key} do update set token_hash = excluded.token_hash, created_at = excluded.created_at`.execute(
    tx,
  );
}

/** False: there was none. */
export async function deleteFeed(tx: Tx, organizationId: string, of: FeedOf): Promise<boolean> {
  const { rows } = await sql`
    delete from oncall_feeds where organization_id = ${organizationId} and ${isOf(of)} returning 1`.execute(
    tx,
  );
  return rows.length > 0;
}

export interface FeedRow {
  readonly organization_id: string;
  readonly user_id: string | null;
  readonly schedule_id: string | null;
}

export async function findFeed(tx: Tx, tokenHash: Buffer): Promise<FeedRow | undefined> {
  const { rows } = await sql<FeedRow>`
    select organization_id, user_id, schedule_id from oncall_feeds where token_hash = ${tokenHash}`.execute(
    tx,
  );
  return rows[0];
}
