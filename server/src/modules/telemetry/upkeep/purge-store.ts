import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

const historyTables = [
  'heartbeats',
  'heartbeats_late',
  'heartbeat_chunks',
  'heartbeat_rollups',
  'rollup_dirty',
  'device_status_changes',
];

/** With it goes the row that says so: as long as that is there, something may be left. */
export async function deleteDeviceHistory(tx: Tx, deviceKey: number): Promise<void> {
  for (const table of historyTables) {
    await sql`delete from ${sql.table(table)} where device_key = ${deviceKey}`.execute(tx);
  }
  await sql`delete from removed_devices where device_key = ${deviceKey}`.execute(tx);
}

/** Deleted devices whose history may still exist. */
export async function listRemoved(tx: Tx, limit: number): Promise<number[]> {
  const { rows } = await sql<{ device_key: number }>`
    select device_key from removed_devices order by device_key limit ${limit}`.execute(tx);
  return rows.map((row) => row.device_key);
}

/** The senders' ids of events older than this are forgotten; the same id would count again. */
export async function deleteEventKeys(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from event_keys where (organization_id, external_id) in (
      select organization_id, external_id from event_keys where received_at < ${before} limit ${limit})`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0);
}

export async function deleteEventCounts(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from event_counts where ctid = any(array(
      select ctid from event_counts where bucket < ${before} limit ${limit}))`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

export async function deleteStatusChanges(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from device_status_changes where ctid = any(array(
      select ctid from device_status_changes where at < ${before} limit ${limit}))`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

export async function deleteLate(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from heartbeats_late where ctid = any(array(
      select ctid from heartbeats_late where at < ${before} limit ${limit}))`.execute(tx);
  return Number(numAffectedRows ?? 0);
}
