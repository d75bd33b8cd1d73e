import type { Heartbeat } from '@watchkeeper/contracts/telemetry';
import type { Ctx } from '#platform/context';
import type { HeartbeatRecord } from '../history/record.ts';
import { encodeRecord } from '../history/record-codec.ts';
import { type Arrival, type Runtime, runtimeOf } from '../runtime.ts';
import type { DeviceEntry } from './directory.ts';
import type { IntakeItem, Outcome } from './item.ts';
import { toReportedStatus } from './status-words.ts';

/** A device that has never set its clock says 0001 or 1970; times outside these years are no times. */
const sentAtMin = Date.UTC(1970, 0, 1);
const sentAtMax = Date.UTC(2200, 0, 1);

export interface Receiver {
  /** `settle` hears after commit. @throws overloaded */
  receive(device: DeviceEntry, beat: Heartbeat, options: ReceiveOptions): void;
}

export interface ReceiveOptions {
  readonly receivedAt: number;
  readonly buffered: boolean;
  readonly settle: (outcome: Outcome | Error) => void;
}

/** From a valid payload of a known device to the engine. Without waiting, as long as its words are known. */
export function createReceiver(ctx: Ctx): Receiver {
  const runtime = runtimeOf(ctx);

  function receive(device: DeviceEntry, beat: Heartbeat, options: ReceiveOptions): void {
    const record = toRecord(beat, options.receivedAt);
    const book = runtime.books.peek(device.organizationId);
    if (book !== undefined) {
      const body = encodeRecord(record, book);
      if (book.unknown.length === 0) {
        runtime.engine.submit(toItem(runtime, device, record, body, options));
        return;
      }
      book.unknown.length = 0;
    }
    learnWords(device, record)
      .then(() => runtime.books.load(device.organizationId))
      .then((learnt) => {
        const body = encodeRecord(record, learnt);
        // The book is full, or the word is too long for it: then the record spells it out.
        learnt.unknown.length = 0;
        runtime.engine.submit(toItem(runtime, device, record, body, options));
      })
      .catch((error: unknown) => options.settle(error instanceof Error ? error : new Error(String(error))));
  }

  function learnWords(device: DeviceEntry, record: HeartbeatRecord): Promise<void> {
    const words = [record.status, ...Object.keys(record.metrics ?? {})];
    if (record.appVersion !== null) words.push(record.appVersion);
    return runtime.books.learn(device.organizationId, words);
  }

  return { receive };
}

function toRecord(beat: Heartbeat, receivedAt: number): HeartbeatRecord {
  const { metrics } = beat;
  return {
    at: receivedAt,
    status: beat.status,
    appVersion: beat.app_version === undefined || beat.app_version === '' ? null : beat.app_version,
    sentAt: beat.sent_at === undefined ? null : toSentAt(beat.sent_at),
    sequence: beat.sequence ?? null,
    // The payload itself: the codec and the columns read the six fields by name and nothing else.
    values: beat,
    metrics: metrics === undefined || isEmpty(metrics) ? null : metrics,
  };
}

function isEmpty(metrics: object): boolean {
  for (const _ in metrics) return false;
  return true;
}

function toSentAt(text: string): number | null {
  const ms = Date.parse(text);
  return ms >= sentAtMin && ms < sentAtMax ? ms : null;
}

function toItem(
  runtime: Runtime,
  device: DeviceEntry,
  record: HeartbeatRecord,
  body: Buffer,
  options: ReceiveOptions,
): IntakeItem {
  return {
    device,
    record,
    body,
    reported: toReportedStatus(record.status),
    metricsText: record.metrics === null ? null : JSON.stringify(record.metrics),
    skewMs: record.sentAt === null ? null : record.sentAt - record.at,
    buffered: options.buffered,
    flagged: runtime.checks.length > 0 && isFlagged(runtime, device, record),
    settle: options.settle,
  };
}

function isFlagged(runtime: Runtime, device: DeviceEntry, record: HeartbeatRecord): boolean {
  const { values } = record;
  const named: Record<string, number | undefined> = {
    error_rate_5m: values.error_rate_5m,
    request_latency_p95: values.request_latency_p95,
    sync_lag_sec: values.sync_lag_sec,
    memory_usage: values.memory_usage,
    cpu_usage: values.cpu_usage,
    disk_usage: values.disk_usage,
  };
  if (record.metrics !== null) Object.assign(named, record.metrics);
  const arrival: Arrival = {
    deviceKey: device.key,
    deviceId: device.id,
    organizationId: device.organizationId,
    siteId: device.siteId,
    values: named,
    at: record.at,
  };
  for (const check of runtime.checks) if (check(arrival)) return true;
  return false;
}
