/** The six numbers every heartbeat may carry; the index is the bit in stored records. */
export const standardFields = [
  'error_rate_5m',
  'request_latency_p95',
  'sync_lag_sec',
  'memory_usage',
  'cpu_usage',
  'disk_usage',
] as const;
export type StandardField = (typeof standardFields)[number];

export type Values = { [Field in StandardField]?: number | undefined };

/** One heartbeat in history. */
export interface HeartbeatRecord {
  /** Milliseconds since the epoch on our clock: receipt time, or for late ones when they were due. */
  at: number;
  /** The status word of the device. */
  status: string;
  appVersion: string | null;
  /** The device's own time, in its own reckoning. */
  sentAt: number | null;
  sequence: number | null;
  values: Values;
  metrics: Readonly<Record<string, number>> | null;
}
