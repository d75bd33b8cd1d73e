import type { Tx } from '#platform/db/database';
import { deviceKeyOf } from './history-store.ts';
import { readRecords } from './read-records.ts';
import type { StandardField } from './record.ts';
import { createWordBooks } from './word-book.ts';

export type HeartbeatPoint = { readonly [Field in StandardField]: number | null } & {
  readonly at: Date;
  readonly status: string;
  readonly metrics: Readonly<Record<string, number>> | null;
};

/** All heartbeats of one device with `from <= at < to` while raw history is kept, in order of time: what backtests replay. */
export async function readHeartbeatSeries(
  tx: Tx,
  wanted: { organizationId: string; deviceId: string; from: Date; to: Date },
): Promise<HeartbeatPoint[]> {
  const deviceKey = await deviceKeyOf(tx, wanted.organizationId, wanted.deviceId);
  if (deviceKey === undefined) return [];
  // A book of its own, read in the caller's transaction: a backtest is rare, a second connection is not free.
  const books = createWordBooks({ system: (work) => work(tx) });
  const { organizationId, from, to } = wanted;
  const records = await readRecords(tx, books, { organizationId, deviceKeys: [deviceKey], from, to });
  return (records.get(deviceKey) ?? []).map(({ at, status, values, metrics }) => ({
    at: new Date(at),
    status,
    error_rate_5m: values.error_rate_5m ?? null,
    request_latency_p95: values.request_latency_p95 ?? null,
    sync_lag_sec: values.sync_lag_sec ?? null,
    memory_usage: values.memory_usage ?? null,
    cpu_usage: values.cpu_usage ?? null,
    disk_usage: values.disk_usage ?? null,
    metrics,
  }));
}
