import type { DeviceStatus } from '@watchkeeper/contracts';
import type { DeviceState } from '@watchkeeper/contracts/telemetry';

/** For tests: a device that says what the test is about, and nothing else. */
export function deviceState(about: {
  name: string;
  status: DeviceStatus;
  area: string | null;
  position?: number;
}): DeviceState {
  const { name, status, area, position = null } = about;
  return {
    device_id: name,
    id: name,
    tenant_id: 'org',
    store_id: 'site',
    name,
    site: { id: 'site', slug: 'site', name: 'Site' },
    area: area === null ? null : { id: area, slug: area, name: area, position },
    type: null,
    retired_at: null,
    status,
    device_status: status,
    status_since: null,
    source: { kind: 'heartbeat', last_seen_at: null, age_seconds: null, fresh: false },
    last_seen_at: null,
    next_expected_at: null,
    reported_status: null,
    app_version: null,
    sequence: null,
    sent_at: null,
    skew_ms: null,
    values: {
      error_rate_5m: null,
      request_latency_p95: null,
      sync_lag_sec: null,
      memory_usage: null,
      cpu_usage: null,
      disk_usage: null,
    },
    metrics: null,
  };
}
