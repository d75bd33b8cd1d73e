import { parseInstant } from '@watchkeeper/contracts/instant';
import {
  type HistoryPoint,
  type HistoryQuery,
  type HistoryResolution,
  historyHoursMax,
  historyLimitDefault,
} from '@watchkeeper/contracts/telemetry';
import type { Static } from 'typebox';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { invalidField } from '#platform/errors';
import { decodeCursor, encodeCursor } from '#platform/http/cursor';
import { runtimeOf } from '../runtime.ts';
import { dayMs, dayOf } from '../upkeep/days.ts';
import { selectHistory } from './history-store.ts';
import { toRecords } from './read-records.ts';
import { readRollups } from './read-rollups.ts';
import { type HeartbeatRecord, standardFields } from './record.ts';
import { type FieldSummary, metricNameOf, type Rollup, type RollupMinutes } from './rollup.ts';
import type { WordBooks } from './word-book.ts';

/** A chart with more points than this shows noise. */
const rollupPointsMax = 3_000;
const hourMs = 3_600_000;
const minutesOf: Record<Exclude<HistoryResolution, 'raw'>, RollupMinutes> = { '5m': 5, '1h': 60, '1d': 1440 };

interface Place {
  /** Where to begin, in ms, and how many points of exactly that time were told before. */
  readonly from: number;
  readonly skip: number;
}

export interface HistoryTarget {
  readonly organizationId: string;
  readonly organizationSlug: string;
  readonly deviceKey: number;
  readonly deviceSlug: string;
}

/** Oldest first. The answer says in which resolution it speaks. */
export async function readHistory(ctx: Ctx, target: HistoryTarget, query: Static<typeof HistoryQuery>) {
  const { books } = runtimeOf(ctx);
  const limit = query.limit ?? historyLimitDefault;
  const now = ctx.clock.now();
  const to = untilOf(query.until, now) + 1;
  const from = to - 1 - (query.hours ?? 24) * hourMs;
  const resolution = query.resolution ?? finest(from, to, dayOf(now) - ctx.config.heartbeat.retentionDays);
  const place = parsePlace(query.cursor, from, to);
  const { organizationId } = target;
  const points = await ctx.db.tenant(organizationId, async (tx) => {
    if (resolution === 'raw') return (await readRaw(tx, books, target, place, to, limit)).map(toRawPoint);
    const wanted = { organizationId, deviceKey: target.deviceKey, minutes: minutesOf[resolution] };
    const rollups = await readRollups(tx, books, { ...wanted, from: place.from, to });
    return rollups.slice(place.skip, place.skip + limit + 1).map(toRollupPoint);
  });
  return {
    device_id: target.deviceSlug,
    tenant_id: target.organizationSlug,
    from: new Date(from).toISOString(),
    to: new Date(to - 1).toISOString(),
    resolution,
    data: points.slice(0, limit),
    next_cursor: points.length > limit ? nextCursor(points.slice(0, limit), place) : null,
  };
}

/** A window cannot go beyond now. @throws validation_failed */
export function untilOf(until: string | undefined, now: number): number {
  const at = until === undefined ? now : parseInstant(until);
  if (at === undefined) throw invalidField('until', 'must be a time');
  return Math.min(at, now);
}

/** Raw while all of the window is kept raw, else the finest rollup that gives a readable number of points. */
function finest(from: number, to: number, firstRawDay: number): HistoryResolution {
  if (dayOf(from) >= firstRawDay) return 'raw';
  if ((to - from) / (5 * 60_000) <= rollupPointsMax) return '5m';
  return (to - from) / hourMs <= rollupPointsMax ? '1h' : '1d';
}

/** @throws validation_failed */
function parsePlace(cursor: string | undefined, from: number, to: number): Place {
  if (cursor === undefined) return { from, skip: 0 };
  const [at, skip] = decodeCursor(cursor, 2);
  const sane =
    Number.isInteger(at) && Number.isInteger(skip) && Number(skip) >= 0 && Number(skip) <= 1_000_000;
  if (!sane || Number(at) > to || Number(at) < to - historyHoursMax * hourMs - dayMs) decodeCursor('', 2);
  return { from: Number(at), skip: Number(skip) };
}

function nextCursor(page: readonly HistoryPoint[], place: Place): string {
  const last = page.at(-1)?.at ?? '';
  const same = page.filter((point) => point.at === last).length;
  const at = Date.parse(last);
  return encodeCursor([at, at === place.from ? place.skip + same : same]);
}

/** Day by day until the page is full: no page reads more than it needs. */
async function readRaw(
  tx: Tx,
  books: WordBooks,
  target: HistoryTarget,
  place: Place,
  to: number,
  limit: number,
): Promise<HeartbeatRecord[]> {
  const found: HeartbeatRecord[] = [];
  const wanted = place.skip + limit + 1;
  for (let from = place.from; from < to && found.length < wanted; from = (dayOf(from) + 1) * dayMs) {
    const end = Math.min((dayOf(from) + 1) * dayMs, to);
    const rows = await selectHistory(
      tx,
      [target.deviceKey],
      new Date(from),
      new Date(end),
      wanted - found.length,
    );
    const day = await books.read(tx, target.organizationId, (words) => toRecords(rows, words, from, end));
    // One by one: a spread of a very dense day would overflow the stack.
    for (const record of day) found.push(record);
  }
  return found.slice(place.skip, wanted);
}

function toRawPoint(record: HeartbeatRecord): HistoryPoint {
  const values: Record<string, number> = {};
  for (const field of standardFields) {
    const value = record.values[field];
    if (value !== undefined) values[field] = value;
  }
  return {
    at: new Date(record.at).toISOString(),
    status: record.status,
    app_version: record.appVersion,
    sent_at: record.sentAt === null ? null : new Date(record.sentAt).toISOString(),
    sequence: record.sequence,
    values,
    ...(record.metrics === null ? {} : { metrics: { ...record.metrics } }),
  };
}

function toRollupPoint(rollup: Rollup): HistoryPoint {
  const values: HistoryPoint['values'] = {};
  const metrics: NonNullable<HistoryPoint['metrics']> = {};
  for (const [field, summary] of rollup.fields) {
    const name = metricNameOf(field);
    if (name === undefined) values[field] = toSummary(summary);
    else metrics[name] = toSummary(summary);
  }
  const own = Object.keys(metrics).length === 0 ? {} : { metrics };
  return { at: new Date(rollup.at).toISOString(), count: rollup.count, values, ...own };
}

function toSummary({ count, min, max, sum, last }: FieldSummary) {
  return { count, min, max, avg: sum / count, last };
}
