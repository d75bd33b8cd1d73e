import type { Heartbeat } from '@watchkeeper/contracts/telemetry';
import type { FastifyReply } from 'fastify';
import type { DeviceEntry } from './directory.ts';
import type { Outcome } from './item.ts';

export const jsonContentType = 'application/json; charset=utf-8';

/** Many heartbeats share a millisecond, so its text is made only once. */
let cachedMs = Number.NaN;
let cachedText = '';

export function isoTime(ms: number): string {
  if (ms !== cachedMs) {
    cachedText = new Date(ms).toISOString();
    cachedMs = ms;
  }
  return cachedText;
}

let tailMs = Number.NaN;
let tailOfflineMs = Number.NaN;
let tailText = '';

/** The second half of a receipt is the same for all heartbeats of one millisecond. */
function tailOf(receivedAt: number, offlineMs: number): string {
  if (receivedAt !== tailMs || offlineMs !== tailOfflineMs) {
    const expected = new Date(receivedAt + offlineMs).toISOString();
    tailText = `,"server_time":"${isoTime(receivedAt)}","next_expected_at":"${expected}"`;
    tailMs = receivedAt;
    tailOfflineMs = offlineMs;
  }
  return tailText;
}

/** Written by hand, since every value is one of ours: no serializer runs on the hot path. */
export function receiptText(
  outcome: Outcome,
  receivedAt: number,
  offlineMs: number,
  warnings: readonly string[],
): string {
  const duplicate = outcome.verdict === 'duplicate';
  const late = outcome.verdict === 'late';
  const head = `{"accepted":true,"duplicate":${duplicate},"late":${late},"device_status":"${outcome.status}"`;
  const told = warnings.length === 0 ? '' : `,"warnings":${JSON.stringify(warnings)}`;
  return `${head}${tailOf(receivedAt, offlineMs)}${told}}`;
}

export function sendReceipt(reply: FastifyReply, text: string): void {
  reply.code(202).header('content-type', jsonContentType).send(text);
}

const none: readonly string[] = [];

/** Notes for the sender. A moved device may still report its old site: the inventory decides where it is. */
export function warningsOf(
  device: DeviceEntry,
  beat: Heartbeat,
  leftOut: readonly string[] = none,
): readonly string[] {
  if (beat.store_id === device.siteSlug || beat.store_id === device.siteId) return leftOut;
  const place = `store_id is "${beat.store_id}", but the device belongs to "${device.siteSlug}"; it was counted there.`;
  return [...leftOut, place];
}
