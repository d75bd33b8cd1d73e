import type { SwapStatus } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

export interface SwapRow {
  readonly id: string;
  readonly schedule_id: string;
  readonly asked_by_id: string;
  readonly asked_id: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly return_starts_at: Date | null;
  readonly return_ends_at: Date | null;
  readonly status: SwapStatus;
  readonly created_at: Date;
  readonly answered_at: Date | null;
}

const columns = sql`id, schedule_id, asked_by_id, asked_id, starts_at, ends_at, return_starts_at, return_ends_at, status,
  created_at, answered_at`;

/** The newest first. */
export async function listSwapRows(tx: Tx, scheduleId: string, limit: number): Promise<SwapRow[]> {
  const { rows } = await sql<SwapRow>`
    select ${columns} from oncall_swaps where schedule_id = ${scheduleId} order by created_at desc, id limit ${limit}`.execute(
    tx,
  );
  return rows;
}

/** Locked until the transaction ends. */
export async function lockSwap(tx: Tx, scheduleId: string, id: string): Promise<SwapRow | undefined> {
  const { rows } = await sql<SwapRow>`
    select ${columns} from oncall_swaps where schedule_id = ${scheduleId} and id = ${id} for update`.execute(
    tx,
  );
  return rows[0];
}

export async function countOpenSwaps(tx: Tx, scheduleId: string, now: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from oncall_swaps
    where schedule_id = ${scheduleId} and status = 'open' and ends_at > ${now}`.execute(tx);
  return rows[0]?.count ?? 0;
}

export async function insertSwap(tx: Tx, organizationId: string, row: SwapRow): Promise<void> {
  await sql`
    insert into oncall_swaps (organization_id, ${columns})
    values (${organizationId}, ${row.id}, ${row.schedule_id}, ${row.asked_by_id}, ${row.asked_id}, ${row.starts_at},
      ${row.ends_at}, ${row.return_starts_at}, ${row.return_ends_at}, ${row.status}, ${row.created_at}, ${row.answered_at})`.execute(
    tx,
  );
}

export async function answerSwap(tx: Tx, id: string, status: SwapStatus, at: Date): Promise<void> {
  await sql`update oncall_swaps set status = ${status}, answered_at = ${at} where id = ${id}`.execute(tx);
}
