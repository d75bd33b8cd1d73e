import type { DeviceStatus } from '@watchkeeper/contracts';
import { notFound } from '#platform/errors';
import { encodeRecord } from '../history/record-codec.ts';
import type { PastSilence } from '../past-store.ts';
import { isOpenDay } from '../upkeep/days.ts';
import type { RawRow, StateRow, StateUpdate } from './careful-store.ts';
import type { IntakeItem, Outcome } from './item.ts';
import { advance, judge, type OrderState, placeInTime } from './judge.ts';
import { Known } from './known.ts';
import { toOrderState, toStamp } from './stamp.ts';

const bucketMs = 5 * 60_000;

export interface DecideLimits {
  readonly liveDelayMs: number;
  /** A silence longer than this is told with the heartbeat that ends it, unless the device's status says it already. */
  readonly silenceMs: number;
  /** What is older than history is kept changes nothing any more. */
  readonly keptMs: number;
}

/** What one batch decided, before it is written. */
export interface Decisions {
  readonly outcomes: Map<IntakeItem, Outcome | Error>;
  /** For days that still take plain rows, and for days that are packed already. */
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
 * Judges a batch by the rows that are locked for it. No clock and no database; `known` is used up: what is judged is
 * added to it.
 */
export function decide(
  limits: DecideLimits,
  byDevice: ReadonlyMap<number, readonly IntakeItem[]>,
  states: ReadonlyMap<number, StateRow>,
  known: ReadonlyMap<number, Known>,
): Decisions {
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
    if (state !== undefined)
      decideDevice(limits, state, group, known.get(deviceKey) ?? new Known(), decisions);
    else for (const item of group) decisions.outcomes.set(item, notFound('device'));
  }
  return decisions;
}

function decideDevice(
  limits: DecideLimits,
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
    const verdict = judge(order, stamp, known.has(stamp), limits.liveDelayMs);
    verdicts.set(item, verdict);
    if (verdict === 'duplicate') continue;
    const at = placeInTime(order, stamp, verdict);
    if (at >= stamp.receivedAt - limits.keptMs) keep(item, at, decisions);
    known.add(item.record);
    if (verdict === 'live' && isAlive(state) && isAfterSilence(order, at, limits.silenceMs))
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
