import type { Tx } from '#platform/db/database';
import { decodeChunk } from './chunk-codec.ts';
import { type HistoryRow, selectHistory } from './history-store.ts';
import type { HeartbeatRecord } from './record.ts';
import { decodeRecord, type WordTexts } from './record-codec.ts';
import type { WordBooks } from './word-book.ts';

/**
 * Heartbeats of some devices of one organization with `from <= at < to`, in order of time, whichever form
 * they are kept in. `tx` may be the tenant's or the system's.
 */
export async function readRecords(
  tx: Tx,
  books: WordBooks,
  wanted: { organizationId: string; deviceKeys: readonly number[]; from: Date; to: Date },
): Promise<Map<number, HeartbeatRecord[]>> {
  const { organizationId, deviceKeys, from, to } = wanted;
  const rows = await selectHistory(tx, deviceKeys, from, to, null);
  const read = await books.readEach(tx, organizationId, rows, (row, words) =>
    toRecords([row], words, from.getTime(), to.getTime()),
  );
  const found = new Map<number, HeartbeatRecord[]>();
  for (const [index, { device_key: deviceKey }] of rows.entries()) {
    const own = found.get(deviceKey) ?? [];
    found.set(deviceKey, own);
    // Records that cannot be read are skipped; all others are shown.
    own.push(...(read[index] ?? []));
  }
  for (const own of found.values()) own.sort(inOrder);
  return found;
}

/** Unpacks one device's rows; only what lies in the window, in the same order every time. */
export function toRecords(
  rows: readonly HistoryRow[],
  words: WordTexts,
  from: number,
  to: number,
): HeartbeatRecord[] {
  const records: HeartbeatRecord[] = [];
  for (const row of rows) {
    if (row.at !== null) records.push(decodeRecord(row.at.getTime(), row.body, words));
    else
      for (const record of decodeChunk(row.body))
        if (record.at >= from && record.at < to) records.push(record);
  }
  return records.sort(inOrder);
}

/** Points of one millisecond in the device's own order. */
export function inOrder(one: HeartbeatRecord, other: HeartbeatRecord): number {
  return (
    one.at - other.at ||
    (one.sentAt ?? 0) - (other.sentAt ?? 0) ||
    (one.sequence ?? 0) - (other.sequence ?? 0)
  );
}
