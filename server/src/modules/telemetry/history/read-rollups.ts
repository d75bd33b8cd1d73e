import type { Tx } from '#platform/db/database';
import { selectRollups } from './history-store.ts';
import { readRecords } from './read-records.ts';
import { addRecord, addRollup, bucketStart, type Rollup, type RollupMinutes, toRollups } from './rollup.ts';
import { decodeRollup } from './rollup-codec.ts';
import type { WordBooks } from './word-book.ts';

interface Wanted {
  readonly organizationId: string;
  readonly deviceKey: number;
  readonly minutes: RollupMinutes;
  readonly from: number;
  readonly to: number;
}

const finer: Record<RollupMinutes, RollupMinutes | null> = { 5: null, 60: 5, 1440: 60 };

/**
 * Stored buckets, and after the last of them the ones that upkeep has not stored yet, summed up here from
 * the next finer form, so that the newest bucket is never missing. Buckets that touch the window count whole.
 */
export async function readRollups(tx: Tx, books: WordBooks, wanted: Wanted): Promise<Rollup[]> {
  const { organizationId, deviceKey, minutes, to } = wanted;
  const from = bucketStart(wanted.from, minutes);
  const rows = await selectRollups(tx, deviceKey, minutes, new Date(from), new Date(to));
  const stored = await books.read(tx, organizationId, (words) =>
    rows.map((row) => decodeRollup(row.bucket.getTime(), row.body, words)),
  );
  const last = stored.at(-1);
  const rest = { ...wanted, from: last === undefined ? from : last.at + minutes * 60_000 };
  return rest.from >= to ? stored : [...stored, ...(await sumUp(tx, books, rest))];
}

async function sumUp(tx: Tx, books: WordBooks, wanted: Wanted): Promise<Rollup[]> {
  const next = finer[wanted.minutes];
  if (next !== null)
    return toRollups(await readRollups(tx, books, { ...wanted, minutes: next }), wanted.minutes, addRollup);
  const { organizationId, deviceKey } = wanted;
  const window = { from: new Date(wanted.from), to: new Date(wanted.to) };
  const records = await readRecords(tx, books, { organizationId, deviceKeys: [deviceKey], ...window });
  return toRollups(records.get(deviceKey) ?? [], 5, addRecord);
}
