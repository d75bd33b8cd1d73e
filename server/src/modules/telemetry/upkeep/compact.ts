import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { decodeChunk, encodeChunk } from '../history/chunk-codec.ts';
import { inOrder } from '../history/read-records.ts';
import type { HeartbeatRecord } from '../history/record.ts';
import { decodeRecord } from '../history/record-codec.ts';
import { isBroken } from '../history/word-book.ts';
import { runtimeOf } from '../runtime.ts';
import {
  countRecords,
  type DeviceCount,
  type LateDay,
  lastPacked,
  lockChunk,
  markPacked,
  type NewChunk,
  nextDevices,
  selectLateDays,
  selectOpen,
  takeLate,
  upsertChunks,
} from './compact-store.ts';
import { dayMs, dayOf, dayStart, dayText } from './days.ts';
import { dropDays, listDays } from './partition-store.ts';
import { readProgress } from './rollup-store.ts';
import { noteUnreadable } from './unreadable.ts';

/** Twice as long as rows may still come in for a day that is over (days.ts). */
const packAfterMs = 2 * 3_600_000;
const slicesMax = 100_000;
const devicesPerLook = 64;
/** Rows in memory at once; a device that sends more in a day is packed alone. */
const recordsPerSlice = 200_000;
const lateDaysMax = 500;

/**
 * Packs finished days, device by device, then drops their raw rows as a whole. It continues where it
 * stopped.
 */
export async function compact(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const now = ctx.clock.now();
  const days = await ctx.db.system((tx) => listDays(tx, 'heartbeats'));
  for (const text of days) {
    const day = dayOf(Date.parse(text));
    if (signal.aborted || now < (day + 1) * dayMs + packAfterMs) break;
    if (!(await isRolledUp(ctx, day))) break;
    if (!(await packDay(ctx, day, signal))) return;
  }
  await mergeLate(ctx, signal);
}

/** Rollups read raw rows: they come first. */
async function isRolledUp(ctx: Ctx, day: number): Promise<boolean> {
  const upto = await ctx.db.system((tx) => readProgress(tx, 5));
  return upto !== undefined && upto.getTime() >= (day + 1) * dayMs;
}

/** @returns whether the day is packed now. */
async function packDay(ctx: Ctx, day: number, signal: AbortSignal): Promise<boolean> {
  const text = dayText(day);
  await runtimeOf(ctx).days.ensure('heartbeat_chunks', day);
  let after = await ctx.db.system((tx) => lastPacked(tx, text));
  for (let slice = 0; slice < slicesMax; slice += 1) {
    if (signal.aborted) return false;
    // Across tenants: neighbours by key belong to anybody.
    const next = await ctx.db.system((tx) => packSlice(ctx, tx, day, after));
    if (next === undefined) break;
    after = next;
  }
  await ctx.db.system(async (tx) => {
    await markPacked(tx, text, new Date(ctx.clock.now()));
    await dropDays(tx, 'heartbeats', text, dayText(day + 1));
  });
  return true;
}

/** @returns the last finished device, undefined when none is left. */
async function packSlice(ctx: Ctx, tx: Tx, day: number, after: number): Promise<number | undefined> {
  const deviceKeys = await nextDevices(tx, after, devicesPerLook);
  const last = deviceKeys.at(-1);
  if (last === undefined) return undefined;
  const from = dayStart(day);
  const to = dayStart(day + 1);
  const counts = await countRecords(tx, deviceKeys, from, to);
  const taken = takeUntil(counts, recordsPerSlice);
  const raw = await selectOpen(
    tx,
    taken.map((count) => count.device_key),
    from,
    to,
  );
  const byDevice = Map.groupBy(raw, (row) => row.device_key);
  const chunks: NewChunk[] = [];
  for (const { organization_id, device_key } of taken) {
    const rows = [...(byDevice.get(device_key) ?? []), ...(await takeLate(tx, device_key, from, to))];
    const records = await decodeSorted(ctx, tx, { organization_id, device_key }, rows);
    chunks.push({ organization_id, device_key, records: records.length, body: encodeChunk(records) });
  }
  await upsertChunks(tx, dayText(day), chunks);
  return taken.length < counts.length ? (taken.at(-1)?.device_key ?? last) : last;
}

function takeUntil(counts: readonly DeviceCount[], recordsMax: number): DeviceCount[] {
  const taken: DeviceCount[] = [];
  let sum = 0;
  for (const count of counts) {
    sum += count.records;
    if (taken.length > 0 && sum > recordsMax) break;
    taken.push(count);
  }
  return taken;
}

async function decodeSorted(
  ctx: Ctx,
  tx: Tx,
  device: { readonly organization_id: string; readonly device_key: number },
  rows: readonly { at: Date; body: Buffer }[],
): Promise<HeartbeatRecord[]> {
  const records = await runtimeOf(ctx).books.readEach(tx, device.organization_id, rows, (row, words) =>
    decodeRecord(row.at.getTime(), row.body, words),
  );
  const unreadable = rows.filter((_row, index) => records[index] === undefined);
  noteUnreadable(
    ctx,
    unreadable.map(({ at }) => ({ device_key: device.device_key, at })),
  );
  return records.filter((record) => record !== undefined).sort(inOrder);
}

/** Late heartbeats of packed days go into their chunks; until then readers read both. */
async function mergeLate(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const late = await ctx.db.system((tx) => selectLateDays(tx, lateDaysMax));
  for (const one of late) {
    if (signal.aborted) return;
    try {
      await ctx.db.system((tx) => mergeDay(ctx, tx, one));
    } catch (error) {
      // A damaged chunk keeps its late heartbeats as rows; the others are merged.
      if (!isBroken(error)) throw error;
      noteUnreadable(ctx, [{ device_key: one.device_key, at: new Date(one.day) }]);
    }
  }
}

async function mergeDay(ctx: Ctx, tx: Tx, late: LateDay): Promise<void> {
  const day = dayOf(Date.parse(late.day));
  const packed = await lockChunk(tx, late.device_key, late.day);
  const rows = await takeLate(tx, late.device_key, dayStart(day), dayStart(day + 1));
  if (rows.length === 0) return;
  const fresh = await decodeSorted(ctx, tx, late, rows);
  const records = [...(packed === undefined ? [] : decodeChunk(packed)), ...fresh].sort(inOrder);
  const { organization_id, device_key } = late;
  await upsertChunks(tx, late.day, [
    { organization_id, device_key, records: records.length, body: encodeChunk(records) },
  ]);
}
