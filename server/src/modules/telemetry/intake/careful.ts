import type { DeviceStatus } from '@watchkeeper/contracts';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { inParts, toDataError } from '#platform/db/parts';
import { notFound } from '#platform/errors';
import { liveIdsMax } from '#platform/live';
import { attentionKeysMax, devicesNeedAttention } from '../events.ts';
import { readRecords } from '../history/read-records.ts';
import type { HeartbeatRecord } from '../history/record.ts';
import { encodeRecord } from '../history/record-codec.ts';
import type { WordBooks } from '../history/word-book.ts';
import { insertSilences, type PastSilence } from '../past-store.ts';
import { dayMs, isOpenDay } from '../upkeep/days.ts';
import {
  ensureStates,
  insertRaw,
  lockStates,
  markDirty,
  type RawRow,
  type StateRow,
  type StateUpdate,
  updateStates,
} from './careful-store.ts';
import type { IntakeItem, Outcome } from './item.ts';
import { advance, backlogMsMax, judge, type OrderState, placeInTime, type Stamp } from './judge.ts';

/** Retries are looked for this far before the time at which a heartbeat was due. */
const retryLookBackMs = 10 * 60_000;
const bucketMs = 5 * 60_000;
/** The topic that open screens hear; `device` itself is inventory's, and empties caches. */
export const stateTopic = 'device_state';

export interface CarefulDeps {
  readonly ctx: Ctx;
  readonly books: WordBooks;
  readonly liveDelayMs: number;
  /** A silence longer than this is told with the heartbeat that ends it, unless the device's status says it already. */
  readonly silenceMs: number;
}

/** What one batch decided, before it is written. */
interface Decisions {
  readonly outcomes: Map<IntakeItem, Outcome | Error>;
  readonly open: RawRow[];
  readonly closed: RawRow[];
  readonly dirty: { device_key: number; bucket: Date }[];
  readonly updates: StateUpdate[];
  /** Devices whose screens change, and those that higher floors must look at. */
  readonly changed: StateRow[];
  readonly attention: number[];
  /** Those that ended with one of these heartbeats and that nobody had noticed. */
  readonly silences: PastSilence[];
}

/**
 * Everything that is not the plain next heartbeat: first contact, recovery, a change of status, devices
 * somebody waits for, retries, late arrivals, several heartbeats of one device. One transaction; rows are
 * locked in order of device key, then judged in memory, then written set-based. What cannot be stored is refused
 * alone.
 */
export async function storeCarefully(
  deps: CarefulDeps,
  items: readonly IntakeItem[],
  isFault: (error: unknown) => boolean,
): Promise<Map<IntakeItem, Outcome | Error>> {
  const sorted = [...groupByDevice(items).values()].flat();
  // Across tenants: one batch carries heartbeats of many organizations.
  return await deps.ctx.db.system(async (tx) => {
    const store = (part: readonly IntakeItem[]) => storePart(deps, tx, part);
    const { results, faults } = await inParts(tx, sorted, store, isFault);
    const outcomes = new Map(results.flatMap((part) => [...part]));
    for (const { item, error } of faults) {
      deps.ctx.log.warn({ err: error, device_id: item.device.id }, 'a heartbeat cannot be stored');
      outcomes.set(item, toDataError(error));
    }
    return outcomes;
  });
}

async function storePart(
  deps: CarefulDeps,
  tx: Tx,
  items: readonly IntakeItem[],
): Promise<Map<IntakeItem, Outcome | Error>> {
  const byDevice = groupByDevice(items);
  await ensureStates(
    tx,
    [...byDevice.values()].map((group) => group[0]?.device.id ?? ''),
    new Date(deps.ctx.clock.now()),
  );
  const states = new Map((await lockStates(tx, [...byDevice.keys()])).map((row) => [row.device_key, row]));
  const known = await readKnown(tx, deps, byDevice, states);
  const decisions: Decisions = {
    outcomes: new Map(),
    open: [],
    closed: [],
    dirty: [],
    updates: [],
    changed: [],
    attention: [],
    silences: [],
  };
  for (const [deviceKey, group] of byDevice) {
    const state = states.get(deviceKey);
    if (state !== undefined) decideDevice(deps, state, group, known.get(deviceKey) ?? new Known(), decisions);
    else for (const item of group) decisions.outcomes.set(item, notFound('device'));
  }
  await write(tx, deps.ctx, decisions);
  return decisions.outcomes;
}

function groupByDevice(items: readonly IntakeItem[]): Map<number, IntakeItem[]> {
  const groups = new Map<number, IntakeItem[]>();
  const sorted = items.toSorted((one, other) => one.device.key - other.device.key);
  for (const item of sorted) {
    const group = groups.get(item.device.key);
    if (group === undefined) groups.set(item.device.key, [item]);
    else group.push(item);
  }
  for (const group of groups.values()) group.sort(inOwnOrder);
  return groups;
}

/** A buffer may be read out in any order: the device's own order counts inside a batch. */
function inOwnOrder(one: IntakeItem, other: IntakeItem): number {
  if (!one.buffered || !other.buffered) return one.record.at - other.record.at;
  if (one.record.sentAt !== null && other.record.sentAt !== null)
    return one.record.sentAt - other.record.sentAt;
  if (one.record.sequence !== null && other.record.sequence !== null)
    return one.record.sequence - other.record.sequence;
  return 0;
}

/** What history holds of a device around the time in question. */
class Known {
  readonly sentAt = new Set<number>();
  readonly sequences = new Set<number>();

  add(record: HeartbeatRecord): void {
    if (record.sentAt !== null) this.sentAt.add(record.sentAt);
    if (record.sequence !== null) this.sequences.add(record.sequence);
  }

  has(stamp: Stamp): boolean {
    if (stamp.sentAt !== null) return this.sentAt.has(stamp.sentAt);
    return stamp.sequence !== null && this.sequences.has(stamp.sequence);
  }
}

/** Only what does not plainly come after the newest is looked up: a retry of something older would be there. */
async function readKnown(
  tx: Tx,
  deps: CarefulDeps,
  byDevice: ReadonlyMap<number, readonly IntakeItem[]>,
  states: ReadonlyMap<number, StateRow>,
): Promise<Map<number, Known>> {
  const byOrganization = new Map<string, { deviceKeys: number[]; from: number; to: number }>();
  for (const [deviceKey, group] of byDevice) {
    const state = states.get(deviceKey);
    if (state === undefined) continue;
    const order = toOrderState(state);
    for (const item of group) {
      const stamp = toStamp(item);
      if (!mayBeKnown(order, stamp)) continue;
      const window = byOrganization.get(state.organization_id) ?? { deviceKeys: [], from: Infinity, to: 0 };
      byOrganization.set(state.organization_id, window);
      if (window.deviceKeys.at(-1) !== deviceKey) window.deviceKeys.push(deviceKey);
      const due = placeInTime(order, stamp, 'late') - retryLookBackMs;
      window.from = Math.min(window.from, Math.max(due, stamp.receivedAt - backlogMsMax));
      window.to = Math.max(window.to, stamp.receivedAt);
    }
  }
  const known = new Map<number, Known>();
  for (const [organizationId, { deviceKeys, from, to }] of byOrganization) {
    const wanted = { organizationId, deviceKeys, from: new Date(from), to: new Date(to + 1) };
    for (const [deviceKey, records] of await readRecords(tx, deps.books, wanted)) {
      const held = new Known();
      for (const record of records) held.add(record);
      known.set(deviceKey, held);
    }
  }
  return known;
}

function mayBeKnown(order: OrderState, stamp: Stamp): boolean {
  if (stamp.sentAt === null && stamp.sequence === null) return false;
  if (stamp.buffered) return true;
  const sentStep = stamp.sentAt === null || order.sentAt === null ? 1 : stamp.sentAt - order.sentAt;
  const sequenceStep =
    stamp.sequence === null || order.sequence === null ? 1 : stamp.sequence - order.sequence;
  return sentStep <= 0 || sequenceStep <= 0;
}

function toStamp(item: IntakeItem): Stamp {
  const { sentAt, sequence, at } = item.record;
  return { receivedAt: at, sentAt, sequence, buffered: item.buffered };
}

function toOrderState(row: StateRow): OrderState {
  const number = (text: string | null) => (text === null ? null : Number(text));
  return {
    lastSeenAt: row.last_seen_at?.getTime() ?? null,
    sentAt: row.sent_at?.getTime() ?? null,
    sequence: number(row.sequence),
    skewMs: number(row.skew_ms),
    lateSkewMs: number(row.late_skew_ms),
    lateSentAt: row.late_sent_at?.getTime() ?? null,
  };
}

function decideDevice(
  deps: CarefulDeps,
  state: StateRow,
  group: readonly IntakeItem[],
  known: Known,
  decisions: Decisions,
): void {
  const before = toOrderState(state);
  let order = before;
  let newest: IntakeItem | undefined;
  let flagged = state.watched;
  const silences: PastSilence[] = [];
  const verdicts = new Map<IntakeItem, Outcome['verdict']>();
  for (const item of group) {
    const stamp = toStamp(item);
    const verdict = judge(order, stamp, known.has(stamp), deps.liveDelayMs);
    verdicts.set(item, verdict);
    if (verdict === 'duplicate') continue;
    const at = placeInTime(order, stamp, verdict);
    if (at >= stamp.receivedAt - keptMs(deps)) keep(item, at, decisions);
    known.add(item.record);
    if (verdict === 'live' && isAlive(state) && isAfterSilence(order, at, deps.silenceMs))
      silences.push({
        deviceKey: state.device_key,
        from: new Date(order.lastSeenAt ?? at),
        to: new Date(at),
      });
    order = advance(order, stamp, verdict, at);
    if (verdict === 'live') {
      newest = item;
      flagged ||= item.flagged;
    }
  }
  // A window of maintenance stays one, whatever arrives meanwhile.
  const status: DeviceStatus =
    newest === undefined || state.status === 'maintenance' ? state.status : newest.reported;
  for (const [item, verdict] of verdicts) decisions.outcomes.set(item, { verdict, status });
  if (order !== before) decisions.updates.push(toUpdate(state, order, newest, status));
  if (newest === undefined) return;
  if (status !== state.status) decisions.changed.push(state);
  if (status !== state.status || flagged || silences.length > 0) decisions.attention.push(state.device_key);
  decisions.silences.push(...silences);
}

/** By its status: nobody has noticed that it was silent. */
function isAlive({ status }: StateRow): boolean {
  return status === 'online' || status === 'degraded';
}

function isAfterSilence({ lastSeenAt }: OrderState, at: number, silenceMs: number): boolean {
  return lastSeenAt !== null && at - lastSeenAt > silenceMs;
}

/** What is older than history is kept changes nothing any more. */
function keptMs(deps: CarefulDeps): number {
  return deps.ctx.config.heartbeat.retentionDays * dayMs;
}

/** Lays the record down at its own time. */
function keep(item: IntakeItem, at: number, decisions: Decisions): void {
  const { record, device } = item;
  const body = encodeRecord(at === record.at ? record : { ...record, at }, item.words);
  const row: RawRow = {
    at: new Date(at),
    organization_id: device.organizationId,
    device_key: device.key,
    body,
  };
  (isOpenDay(at, record.at) ? decisions.open : decisions.closed).push(row);
  const bucket = Math.floor(at / bucketMs) * bucketMs;
  if (bucket + bucketMs <= record.at)
    decisions.dirty.push({ device_key: device.key, bucket: new Date(bucket) });
}

function toUpdate(
  state: StateRow,
  order: OrderState,
  newest: IntakeItem | undefined,
  status: DeviceStatus,
): StateUpdate {
  const date = (ms: number | null) => (ms === null ? null : new Date(ms));
  return {
    device_key: state.device_key,
    last_seen_at: date(order.lastSeenAt),
    sequence: order.sequence,
    sent_at: date(order.sentAt),
    skew_ms: order.skewMs,
    late_skew_ms: order.lateSkewMs,
    late_sent_at: date(order.lateSentAt),
    newest:
      newest === undefined
        ? null
        : {
            status,
            status_since: status === state.status ? null : new Date(newest.record.at),
            reported_status: newest.record.status,
            app_version: newest.record.appVersion,
            values: newest.record.values,
            metrics: newest.record.metrics,
          },
  };
}

async function write(tx: Tx, ctx: Ctx, decisions: Decisions): Promise<void> {
  await insertRaw(tx, 'heartbeats', decisions.open);
  await insertRaw(tx, 'heartbeats_late', decisions.closed);
  await markDirty(tx, decisions.dirty);
  await updateStates(tx, decisions.updates);
  await insertSilences(tx, decisions.silences);
  const at = new Date(ctx.clock.now()).toISOString();
  for (let start = 0; start < decisions.attention.length; start += attentionKeysMax) {
    const deviceKeys = decisions.attention.slice(start, start + attentionKeysMax);
    await ctx.events.publish(tx, devicesNeedAttention, { deviceKeys, at });
  }
  await announceStates(tx, ctx, decisions.changed);
}

/** Tells open screens; past `liveIdsMax` ids the list itself is the news. */
export async function announceStates(
  tx: Tx,
  ctx: Pick<Ctx, 'live'>,
  devices: readonly { organization_id: string; device_id: string }[],
): Promise<void> {
  const byOrganization = Map.groupBy(devices, (device) => device.organization_id);
  for (const [organizationId, group] of byOrganization) {
    const ids = group.length > liveIdsMax ? [] : group.map((device) => device.device_id);
    await ctx.live.publish(tx, { organizationId, topic: stateTopic, ids });
  }
}
