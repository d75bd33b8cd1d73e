/** A heartbeat in the server's format (`POST /heartbeat`). Percentages in per cent, `sent_at` in RFC 3339. */
export interface Beat {
  device_id: string;
  tenant_id: string;
  store_id: string;
  status: string;
  sent_at: string;
  sequence: number;
  app_version?: string;
  cpu_usage?: number;
  memory_usage?: number;
  disk_usage?: number;
  error_rate_5m?: number;
  request_latency_p95?: number;
  sync_lag_sec?: number;
  metrics?: Record<string, number>;
}

/** Values measured by the caller. A missing value means unknown, never zero. */
export type Reading = Partial<Omit<Beat, 'device_id' | 'tenant_id' | 'store_id' | 'sent_at' | 'sequence'>>;
