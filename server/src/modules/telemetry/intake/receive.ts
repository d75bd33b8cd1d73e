import { parseInstant } from '@watchkeeper/contracts/instant';
import type { Heartbeat } from '@watchkeeper/contracts/telemetry';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { storableText } from '#platform/storable';
import type { HeartbeatRecord } from '../history/record.ts';
import { eachWord, type WordIds } from '../history/record-codec.ts';
import type { Book } from '../history/word-book.ts';
import { type Arrival, type Runtime, runtimeOf } from '../runtime.ts';
import type { DeviceEntry } from './directory.ts';
import type { IntakeItem, Outcome } from './item.ts';
import { toReportedStatus } from './status-words.ts';

/** A device that has never set its clock says 0001 or 1970; times outside these years are no times. */
const sentAtMin = Date.UTC(1970, 0, 1);
const sentAtMax = Date.UTC(2200, 0, 1);

export interface Receiver {
  /** `settle` is called after commit. @throws overloaded, device_retired */
  receive(device: DeviceEntry, beat: Heartbeat, options: ReceiveOptions): void;
}

export interface ReceiveOptions {
  readonly receivedAt: number;
  readonly buffered: boolean;
  readonly settle: (outcome: Outcome | Error) => void;
}

/** From a valid payload of a known device to the engine. Synchronous while all its words are known. */
export function createReceiver(ctx: Ctx): Receiver {
  const runtime = runtimeOf(ctx);

  function receive(device: DeviceEntry, beat: Heartbeat, options: ReceiveOptions): void {
    if (device.retired) throw retired(device);
    const record = toRecord(beat, options.receivedAt);
    const book = runtime.books.peek(device.organizationId);
    if (book !== undefined && knowsAll(book, record)) {
      runtime.engine.submit(toItem(runtime, device, record, book, options));
      return;
    }
    const words: string[] = [];
    eachWord(record, (word) => words.push(word));
    runtime.books
      .learn(device.organizationId, words)
      .then((learnt) => runtime.engine.submit(toItem(runtime, device, record, learnt, options)))
      .catch((error: unknown) => options.settle(error instanceof Error ? error : new Error(String(error))));
  }

  return { receive };
}

function retired(device: DeviceEntry): AppError {
  return new AppError(
    'device_retired',
    `The device "${device.slug}" was retired: its heartbeats are refused. Bring it back in the console, or stop sending.`,
  );
}

function knowsAll(book: Book, { status, appVersion, metrics }: HeartbeatRecord): boolean {
  if (book.lacks(status) || (appVersion !== null && book.lacks(appVersion))) return false;
  for (const name in metrics) if (book.lacks(name)) return false;
  return true;
}

function toRecord(beat: Heartbeat, receivedAt: number): HeartbeatRecord {
  const { metrics } = beat;
  return {
    at: receivedAt,
    status: beat.status,
    appVersion: storableText(beat.app_version ?? '') || null,
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
  const ms = parseInstant(text);
  return ms !== undefined && ms >= sentAtMin && ms < sentAtMax ? ms : null;
}

function toItem(
  runtime: Runtime,
  device: DeviceEntry,
  record: HeartbeatRecord,
  words: WordIds,
  options: ReceiveOptions,
): IntakeItem {
  return {
    device,
    record,
    words,
    reported: toReportedStatus(record.status),
    buffered: options.buffered,
    flagged: runtime.checks.length > 0 && isFlagged(runtime, device, record),
    settle: options.settle,
  };
}

function isFlagged(runtime: Runtime, device: DeviceEntry, { values, metrics }: HeartbeatRecord): boolean {
  const arrival: Arrival = {
    organizationId: device.organizationId,
    siteId: device.siteId,
    values,
    metrics,
  };
  for (const check of runtime.checks) if (check(arrival)) return true;
  return false;
}
