import type { Tx } from '#platform/db/database';
import { decodeChunk } from './chunk-codec.ts';
import { selectChunks, selectRaw } from './history-store.ts';
import type { HeartbeatRecord } from './record.ts';
import { decodeRecord } from './record-codec.ts';
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
  const { deviceKeys, from, to } = wanted;
  const raw = await selectRaw(tx, deviceKeys, from, to);
  const chunks = await selectChunks(tx, deviceKeys, from, to);
  return await books.read(tx, wanted.organizationId, (words) => {
    const found = new Map<number, HeartbeatRecord[]>();
    const add = (deviceKey: number, record: HeartbeatRecord) => {
      const records = found.get(deviceKey);
      if (records === undefined) found.set(deviceKey, [record]);
      else records.push(record);
    };
    for (const chunk of chunks) {
      for (const record of decodeChunk(chunk.body)) {
        if (record.at >= from.getTime() && record.at < to.getTime()) add(chunk.device_key, record);
      }
    }
    for (const row of raw) add(row.device_key, decodeRecord(row.at.getTime(), row.body, words));
    for (const records of found.values()) records.sort((one, other) => one.at - other.at);
    return found;
  });
}
