import { listLimitDefault } from '@watchkeeper/contracts';
import type { HeartbeatListQuery, StoredHeartbeat } from '@watchkeeper/contracts/telemetry';
import type { Static } from 'typebox';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { notFound } from '#platform/errors';
import { decodeCursor, encodeCursor } from '#platform/http/cursor';
import { runtimeOf } from '../runtime.ts';
import { findState } from '../state/state-store.ts';
import { dayMs, dayOf } from '../upkeep/days.ts';
import { selectHistory } from './history-store.ts';
import { untilOf } from './read-history.ts';
import { toRecords } from './read-records.ts';
import type { HeartbeatRecord } from './record.ts';
import type { WordBooks } from './word-book.ts';

/** How many days one page searches at most; for a device that was silent longer, the page has fewer rows. */
const daysPerPageMax = 40;

interface Place {
  /** Only heartbeats before this time, in ms. */
  readonly before: number;
  /** How many of the last millisecond before it were told already. */
  readonly skip: number;
}

/** The raw heartbeats of one device, newest first, while they are kept. @throws not_found */
export async function listHeartbeats(
  ctx: Ctx,
  scope: Scope,
  device: string,
  query: Static<typeof HeartbeatListQuery>,
) {
  requirePermission(scope, 'read');
  const { books } = runtimeOf(ctx);
  const limit = query.limit ?? listLimitDefault;
  const now = ctx.clock.now();
  const place = parsePlace(query.cursor) ?? { before: untilOf(query.until, now) + 1, skip: 0 };
  const firstDay = dayOf(now) - ctx.config.heartbeat.retentionDays;
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const state = await findState(tx, organizationId, device);
    if (state === undefined) throw notFound('device');
    const target = { organizationId, deviceKey: state.device_key };
    const { records, next } = await readBackwards(tx, books, target, place, limit, firstDay);
    return {
      data: records.map(toStored),
      next_cursor: next === undefined ? null : encodeCursor([next.before, next.skip]),
    };
  });
}

/** @throws validation_failed */
function parsePlace(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [before, skip] = decodeCursor(cursor, 2);
  const sane = Number.isSafeInteger(before) && Number.isSafeInteger(skip);
  if (!sane || Number(before) < 0 || Number(before) > 8.64e15 || Number(skip) < 0) decodeCursor('', 2);
  return { before: Number(before), skip: Number(skip) };
}

/** Whole days, newest first: the index leads to a device's day, not to an hour of it. */
async function readBackwards(
  tx: Tx,
  books: WordBooks,
  target: { organizationId: string; deviceKey: number },
  place: Place,
  limit: number,
  firstDay: number,
): Promise<{ records: HeartbeatRecord[]; next: Place | undefined }> {
  const found: HeartbeatRecord[] = [];
  const wanted = place.skip + limit + 1;
  let day = dayOf(place.before - 1);
  const lastDay = Math.max(firstDay, day - daysPerPageMax + 1);
  for (; day >= lastDay && found.length < wanted; day -= 1) {
    const from = day * dayMs;
    const to = Math.min((day + 1) * dayMs, place.before);
    const rows = await selectHistory(tx, [target.deviceKey], new Date(from), new Date(to), null);
    const records = await books.read(tx, target.organizationId, (words) => toRecords(rows, words, from, to));
    for (let index = records.length - 1; index >= 0 && found.length < wanted; index -= 1) {
      const record = records[index];
      if (record !== undefined) found.push(record);
    }
  }
  const records = found.slice(place.skip, place.skip + limit);
  if (found.length >= wanted) return { records, next: placeAfter(found.slice(0, place.skip + limit)) };
  return { records, next: day >= firstDay ? { before: (day + 1) * dayMs, skip: 0 } : undefined };
}

/** After `told`: heartbeats in the last millisecond are counted, so that none is repeated or lost. */
function placeAfter(told: readonly HeartbeatRecord[]): Place {
  const last = told.at(-1)?.at ?? 0;
  return { before: last + 1, skip: told.filter((record) => record.at === last).length };
}

function toStored(record: HeartbeatRecord): StoredHeartbeat {
  return {
    at: new Date(record.at).toISOString(),
    sent_at: record.sentAt === null ? null : new Date(record.sentAt).toISOString(),
    skew_ms: record.sentAt === null ? null : Math.round(record.sentAt - record.at),
    sequence: record.sequence,
    status: record.status,
    app_version: record.appVersion,
  };
}
