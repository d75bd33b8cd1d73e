import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';
import type { StatusChange } from './timeline.ts';

/** The newest `limit` changes with `from < at <= to`, oldest first. */
export async function selectStatusChanges(
  tx: Tx,
  deviceKey: number,
  window: { from: Date; to: Date },
  limit: number,
): Promise<StatusChange[]> {
  const { rows } = await sql<StatusChange>`
    select at, was, status from device_status_changes
    where device_key = ${deviceKey} and at > ${window.from} and at <= ${window.to}
    order by at desc, id desc limit ${limit}`.execute(tx);
  return rows.reverse();
}

export async function findChangeBefore(
  tx: Tx,
  deviceKey: number,
  at: Date,
): Promise<StatusChange | undefined> {
  const { rows } = await sql<StatusChange>`
    select at, was, status from device_status_changes
    where device_key = ${deviceKey} and at <= ${at} order by at desc, id desc limit 1`.execute(tx);
  return rows[0];
}
