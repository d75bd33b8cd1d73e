import { sql } from 'kysely';
import type { Tx } from '#platform/db/database';

/** Rows for higher floors to join with; see platform/db/shown.ts. */

/** One row for each device that is not retired and was made known to telemetry. */
export const deviceStateRows = sql`(select organization_id, device_key, device_id, site_id, last_seen_at, status,
  status_since, reported_status, error_rate_5m, request_latency_p95, sync_lag_sec, memory_usage, cpu_usage, disk_usage,
  metrics from device_state)`;

export const deviceStatusChangeRows = sql`(select organization_id, device_key, at, id, was, status
  from device_status_changes)`;

/** Events counted by minute. */
export const eventCountRows = sql`(select organization_id, bucket, type, site_id, device_id, successes, failures
  from event_counts)`;

/** Partitioned by `received_at`: a reader bounds it by a time that is known when the statement is planned. */
export const eventRows = sql`(select organization_id, type, outcome, site_id, device_id, occurred_at, received_at
  from events)`;

/** Partitioned by `received_at` as well. */
export const metricPointRows = sql`(select received_at, at, organization_id, metric_type, metric_category, metric_name,
  value, unit, source, endpoint, site_id, tags from metric_points)`;

/** Holds these devices still until the transaction ends, in the order in which intake takes them. */
export async function lockDeviceStates(tx: Tx, deviceIds: readonly string[]): Promise<void> {
  await sql`select device_key from device_state where device_id = any(${[...deviceIds]}::uuid[])
    order by device_key for update`.execute(tx);
}
