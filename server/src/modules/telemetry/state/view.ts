import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import type { DeviceStateRow } from './state-store.ts';

/** `fresh`: received within the limit of silence. */
export function toDeviceState(row: DeviceStateRow, now: number, offlineMs: number): DeviceState {
  const seen = row.last_seen_at?.toISOString() ?? null;
  const ageMs = row.last_seen_at === null ? null : Math.max(0, now - row.last_seen_at.getTime());
  return {
    device_id: row.slug,
    id: row.id,
    tenant_id: row.organization_slug,
    store_id: row.site_slug,
    name: row.name,
    site: { id: row.site_id, slug: row.site_slug, name: row.site_name },
    area: toArea(row),
    type: row.type_slug,
    retired_at: row.retired_at?.toISOString() ?? null,
    status: row.status,
    device_status: row.status,
    status_since: row.status_since?.toISOString() ?? null,
    source: {
      kind: 'heartbeat',
      last_seen_at: seen,
      age_seconds: ageMs === null ? null : ageMs / 1000,
      fresh: ageMs !== null && ageMs <= offlineMs,
    },
    last_seen_at: seen,
    next_expected_at:
      row.last_seen_at === null ? null : new Date(row.last_seen_at.getTime() + offlineMs).toISOString(),
    reported_status: row.reported_status,
    app_version: row.app_version,
    sequence: row.sequence === null ? null : Number(row.sequence),
    sent_at: row.sent_at?.toISOString() ?? null,
    skew_ms: row.skew_ms === null ? null : Number(row.skew_ms),
    values: {
      error_rate_5m: row.error_rate_5m,
      request_latency_p95: row.request_latency_p95,
      sync_lag_sec: row.sync_lag_sec,
      memory_usage: row.memory_usage,
      cpu_usage: row.cpu_usage,
      disk_usage: row.disk_usage,
    },
    metrics: row.metrics,
  };
}

function toArea(row: DeviceStateRow): DeviceState['area'] {
  if (row.area_id === null || row.area_slug === null || row.area_name === null) return null;
  return { id: row.area_id, slug: row.area_slug, name: row.area_name, position: row.area_position };
}
