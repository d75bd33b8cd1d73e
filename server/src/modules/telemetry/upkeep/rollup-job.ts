import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { inParts } from '#platform/db/parts';
import { selectRollups } from '../history/history-store.ts';
import { readRecords } from '../history/read-records.ts';
import type { HeartbeatRecord } from '../history/record.ts';
import { decodeRecord, type WordTexts } from '../history/record-codec.ts';
import {
  addRecord,
  addRollup,
  bucketStart,
  type Rollup,
  type RollupMinutes,
  rollupMinutes,
  toRollups,
} from '../history/rollup.ts';
import { decodeRollup, encodeRollup } from '../history/rollup-codec.ts';
import type { WordBooks } from '../history/word-book.ts';
import { runtimeOf } from '../runtime.ts';
import { dayOf, dayStart } from './days.ts';
import { listDays } from './partition-store.ts';
import type { Days } from './partitions.ts';
import {
  closeCursor,
  type DirtyRow,
  fetchCursor,
  hasHeartbeats,
  insertDirty,
  lockProgress,
  openRawCursor,
  openRollupCursor,
  readProgress,
  type SourceRow,
  type StoredRollup,
  saveProgress,
  takeDirty,
  upsertRollups,
} from './rollup-store.ts';
import { noteUnreadable } from './unreadable.ts';

/** A bucket is summed this long after its end: longer than a batch of heartbeats can take. */
export const settleMs = 60_000;
const fetchRows = 5_000;
const insertRows = 1_000;
/** How many windows one turn handles after an outage; the next turn continues. */
const windowsMax = 500;
/** Windows without heartbeats are skipped together, twice as many each time, up to a day. */
const aheadMax = 288;
const dirtyMax = 1_000;
const dirtyRoundsMax = 20;

interface Deps {
  readonly ctx: Ctx;
  readonly books: WordBooks;
  readonly days: Days;
}

/**
 * Five minutes from raw rows, hours from those, days from hours; then the buckets that late heartbeats made
 * stale.
 */
export async function rollUp(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const { books, days } = runtimeOf(ctx);
  const deps = { ctx, books, days };
  for (const minutes of rollupMinutes) await advanceTo(deps, minutes, signal);
  for (const minutes of rollupMinutes) await repair(deps, minutes, signal);
}

async function advanceTo(deps: Deps, minutes: RollupMinutes, signal: AbortSignal): Promise<void> {
  const size = minutes * 60_000;
  let start: Date | undefined;
  let empty = 0;
  for (let window = 0; window < windowsMax && !signal.aborted; window += 1) {
    // Across tenants: one pass over the window serves all of them.
    const moved = await deps.ctx.db.system(async (tx) => {
      const end = await endOfSource(deps.ctx, tx, minutes);
      start ??= await firstStart(tx, end);
      const upto = await lockProgress(tx, minutes, start);
      if (upto === undefined || upto.getTime() + size > end) return false;
      const from = upto.getTime();
      const ahead = Math.min(2 * empty, aheadMax, Math.floor((end - from) / size));
      const beyond = new Date(from + ahead * size);
      if (ahead > 1 && !(await hasHeartbeats(tx, upto, beyond))) {
        await saveProgress(tx, minutes, beyond);
        empty = ahead;
        return true;
      }
      await deps.days.ensure('heartbeat_rollups', dayOf(from));
      const devices = await store(deps, tx, minutes, from, from + size);
      await saveProgress(tx, minutes, new Date(from + size));
      // Hours and days are few; it is the five minutes of a fleet that slept which are passed over.
      empty = minutes === 5 && devices === 0 ? 1 : 0;
      return true;
    });
    if (!moved) return;
  }
}

/** The very first turn begins with the oldest day: heartbeats may have come before any worker ran. */
async function firstStart(tx: Tx, end: number): Promise<Date> {
  const [oldest] = await listDays(tx, 'heartbeats');
  return oldest === undefined ? dayStart(dayOf(end)) : dayStart(dayOf(Date.parse(oldest)));
}

/** How far the finer form is complete. */
async function endOfSource(ctx: Ctx, tx: Tx, minutes: RollupMinutes): Promise<number> {
  if (minutes === 5) return ctx.clock.now() - settleMs;
  const finer = await readProgress(tx, minutes === 60 ? 5 : 60);
  return finer?.getTime() ?? 0;
}

/** The source of a resolution: raw heartbeats, or the next finer rollups. */
interface Form<T> {
  open(tx: Tx, from: Date, to: Date): Promise<void>;
  decode(at: number, body: Uint8Array, words: WordTexts): T;
  add(rollup: Rollup, item: T): void;
}

const rawForm: Form<HeartbeatRecord> = { open: openRawCursor, decode: decodeRecord, add: addRecord };

function rollupForm(minutes: RollupMinutes): Form<Rollup> {
  return {
    open: (tx, from, to) => openRollupCursor(tx, minutes, from, to),
    decode: decodeRollup,
    add: addRollup,
  };
}

interface DeviceRollup {
  readonly organizationId: string;
  readonly deviceKey: number;
  readonly rollup: Rollup;
}

/** @returns of how many devices there was something. */
function store(deps: Deps, tx: Tx, minutes: RollupMinutes, from: number, to: number): Promise<number> {
  return minutes === 5
    ? sumUp(deps, tx, minutes, rawForm, from, to)
    : sumUp(deps, tx, minutes, rollupForm(minutes === 60 ? 5 : 60), from, to);
}

/** Rows come device by device, so one sum is open at a time, however large the fleet. */
async function sumUp<T>(
  deps: Deps,
  tx: Tx,
  minutes: RollupMinutes,
  form: Form<T>,
  from: number,
  to: number,
): Promise<number> {
  await form.open(tx, new Date(from), new Date(to));
  let devices = 0;
  let finished: DeviceRollup[] = [];
  let current: DeviceRollup | undefined;
  for (
    let rows = await fetchCursor(tx, fetchRows);
    rows.length > 0;
    rows = await fetchCursor(tx, fetchRows)
  ) {
    const items = await decodeRows(deps, tx, form, rows);
    for (const [index, row] of rows.entries()) {
      if (current?.deviceKey !== row.device_key) {
        if (current !== undefined) finished.push(current);
        const rollup: Rollup = { at: from, count: 0, fields: new Map() };
        devices += 1;
        current = { organizationId: row.organization_id, deviceKey: row.device_key, rollup };
      }
      const item = items[index];
      if (item !== undefined) form.add(current.rollup, item);
    }
    if (finished.length >= insertRows) {
      await save(deps, tx, minutes, finished);
      finished = [];
    }
  }
  if (current !== undefined) finished.push(current);
  await save(deps, tx, minutes, finished);
  await closeCursor(tx);
  return devices;
}

/** Reads each organization's word book once for all of its rows. */
async function decodeRows<T>(
  deps: Deps,
  tx: Tx,
  form: Form<T>,
  rows: readonly SourceRow[],
): Promise<(T | undefined)[]> {
  const items: (T | undefined)[] = [];
  const byOrganization = Map.groupBy(rows.keys(), (index) => rows[index]?.organization_id ?? '');
  for (const [organizationId, indices] of byOrganization) {
    const own = indices.flatMap((index) => rows[index] ?? []);
    const read = await deps.books.readEach(tx, organizationId, own, (row, words) =>
      form.decode(row.at.getTime(), row.body, words),
    );
    noteUnreadable(
      deps.ctx,
      own.filter((_row, index) => read[index] === undefined),
    );
    for (const [position, index] of indices.entries()) items[index] = read[position];
  }
  return items;
}

async function save(
  deps: Deps,
  tx: Tx,
  minutes: RollupMinutes,
  rollups: readonly DeviceRollup[],
): Promise<void> {
  const stored: StoredRollup[] = [];
  for (const [organizationId, group] of Map.groupBy(rollups, (one) => one.organizationId)) {
    const fields = new Set(group.flatMap((one) => [...one.rollup.fields.keys()]));
    const words = await deps.books.learn(organizationId, [...fields]);
    for (const { deviceKey, rollup } of group) {
      stored.push({
        organization_id: organizationId,
        device_key: deviceKey,
        bucket: new Date(rollup.at),
        body: encodeRollup(rollup, words),
      });
    }
  }
  const { faults } = await inParts(tx, stored, (part) => upsertRollups(tx, minutes, part));
  for (const { item, error } of faults)
    deps.ctx.log.error(
      { err: error, device_key: item.device_key, bucket: item.bucket, minutes },
      'the rollup of a device cannot be stored',
    );
}

/** Computes stale buckets again, and passes the staleness on to the coarser one that holds them. */
async function repair(deps: Deps, minutes: RollupMinutes, signal: AbortSignal): Promise<void> {
  for (let round = 0; round < dirtyRoundsMax && !signal.aborted; round += 1) {
    const taken = await deps.ctx.db.system(async (tx) => {
      const upto = await readProgress(tx, minutes);
      if (upto === undefined) return 0;
      const dirty = await takeDirty(tx, minutes, upto, dirtyMax);
      const rollups: DeviceRollup[] = [];
      for (const row of dirty) {
        await deps.days.ensure('heartbeat_rollups', dayOf(row.bucket.getTime()));
        const rollup = await computeAgain(deps, tx, minutes, row);
        if (rollup !== undefined) {
          rollups.push({ organizationId: row.organization_id, deviceKey: row.device_key, rollup });
        }
      }
      await save(deps, tx, minutes, rollups);
      const coarser = minutes === 5 ? 60 : minutes === 60 ? 1440 : null;
      if (coarser !== null) {
        const marks = dirty.map((row) => ({
          device_key: row.device_key,
          bucket: new Date(bucketStart(row.bucket.getTime(), coarser)),
        }));
        await insertDirty(tx, coarser, marks);
      }
      return dirty.length;
    });
    if (taken === 0) return;
  }
}

async function computeAgain(
  deps: Deps,
  tx: Tx,
  minutes: RollupMinutes,
  row: DirtyRow,
): Promise<Rollup | undefined> {
  const from = row.bucket;
  const to = new Date(from.getTime() + minutes * 60_000);
  const { organization_id: organizationId, device_key: deviceKey } = row;
  if (minutes === 5) {
    const records = await readRecords(tx, deps.books, { organizationId, deviceKeys: [deviceKey], from, to });
    return toRollups(records.get(deviceKey) ?? [], 5, addRecord)[0];
  }
  const rows = await selectRollups(tx, deviceKey, minutes === 60 ? 5 : 60, from, to);
  const finer = await deps.books.readEach(tx, organizationId, rows, (finerRow, words) =>
    decodeRollup(finerRow.bucket.getTime(), finerRow.body, words),
  );
  const known = finer.filter((rollup) => rollup !== undefined);
  return toRollups(known, minutes, addRollup)[0];
}
