import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

/**
 * Only one writer per organization finds or creates checks by their properties, so that two never create the same
 * check.
 */
export async function lockManaged(tx: Tx, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('checks.managed ' || ${organizationId}, 0))`.execute(
    tx,
  );
}

export async function selectPingIds(
  tx: Tx,
  organizationId: string,
): Promise<{ check_id: string; ping_id: string }[]> {
  const { rows } = await sql<{ check_id: string; ping_id: string }>`
    select check_id, ping_id from ping_checks where organization_id = ${organizationId}`.execute(tx);
  return rows;
}

export async function findByPingId(
  tx: Tx,
  organizationId: string,
  pingId: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ check_id: string }>`
    select check_id from ping_checks where organization_id = ${organizationId} and ping_id = ${pingId}`.execute(
    tx,
  );
  return rows[0]?.check_id;
}

export interface FlipRow {
  readonly at: Date;
  readonly status: 'up' | 'down' | 'paused';
}

/** Newest first. Up to `upto` from the stored stretches (null: there are none yet), after that from single results. */
export async function selectFlips(
  tx: Tx,
  checkId: string,
  range: { readonly from: Date | null; readonly to: Date | null; readonly limit: number },
  upto: Date | null,
): Promise<FlipRow[]> {
  const { rows } = await sql<FlipRow>`
    with known as (
      select from_at as at, status from check_spans where check_id = ${checkId}
      union all
      select at, status from check_results
      where check_id = ${checkId} and status in ('up', 'down') and (${upto}::timestamptz is null or at >= ${upto})
      union all
      select at, 'paused' from check_pauses where check_id = ${checkId}
    ), changes as (
      select at, status, lag(status) over (order by at) as before from known
    )
    select at, status from changes
    where before is distinct from status and (${range.from}::timestamptz is null or at >= ${range.from})
      and (${range.to}::timestamptz is null or at < ${range.to})
    order by at desc limit ${range.limit}`.execute(tx);
  return rows;
}
