import type pg from 'pg';
import {
  boolColumn,
  byteaColumn,
  type ColumnBuffer,
  float8Column,
  int4Column,
  int8Column,
  jsonbColumn,
  startBatch,
  textColumn,
  timeColumn,
} from './binary.ts';
import type { IntakeItem } from './item.ts';
import { skewAgreementMs } from './judge.ts';

/**
 * The common case in one statement and one round trip: the next heartbeat, in order, of a device whose
 * status does not change and whom nobody waits for. A row that is anything else is left alone and reported
 * missing; the careful path (careful.ts) takes it. The row lock decides, so two processes agree.
 */
const fastText = `
  with item as (
    select * from unnest(
      $1::int4[], $2::timestamptz[], $3::bool[], $4::bool[], $5::text[], $6::int8[], $7::timestamptz[],
      $8::int8[], $9::text[], $10::float8[], $11::float8[], $12::float8[], $13::float8[], $14::float8[],
      $15::float8[], $16::jsonb[], $17::bytea[]
    ) as t(device_key, at, degraded, buffered, reported_status, sequence, sent_at, skew_ms, app_version,
      error_rate_5m, request_latency_p95, sync_lag_sec, memory_usage, cpu_usage, disk_usage, metrics, body)
  ), updated as (
    update device_state s set
      last_seen_at = greatest(s.last_seen_at, i.at),
      reported_status = i.reported_status,
      sequence = coalesce(i.sequence, s.sequence),
      sent_at = coalesce(i.sent_at, s.sent_at),
      skew_ms = coalesce(i.skew_ms, s.skew_ms),
      late_skew_ms = null,
      late_sent_at = null,
      app_version = i.app_version,
      error_rate_5m = i.error_rate_5m,
      request_latency_p95 = i.request_latency_p95,
      sync_lag_sec = i.sync_lag_sec,
      memory_usage = i.memory_usage,
      cpu_usage = i.cpu_usage,
      disk_usage = i.disk_usage,
      metrics = i.metrics
    from item i
    where s.device_key = i.device_key
      and s.status = case when i.degraded then 'degraded' else 'online' end
      and not s.watched
      and (i.sequence is null or s.sequence is null or i.sequence > s.sequence)
      and (i.sent_at is null or s.sent_at is null or i.sent_at > s.sent_at)
      and (not i.buffered or i.sent_at is null or abs(i.skew_ms - s.skew_ms) <= ${skewAgreementMs})
    returning s.organization_id, i.device_key, i.at, i.body
  ), stored as (
    insert into heartbeats (at, organization_id, device_key, body)
    select at, organization_id, device_key, body from updated
  )
  select case when count(*) < cardinality($1::int4[]) then coalesce(array_agg(device_key), '{}') end as done from updated`;

/** Keeps the plan that takes row locks in the order of the batch, on every connection of ours. */
export const fastSession = `
  set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off;
  set plan_cache_mode = force_generic_plan; set synchronous_commit = on`;

/**
 * Stores what it can. Items are one per device, in order of device key.
 * @returns the keys it stored, or null when that is all of them.
 */
export async function storeInOrder(
  client: pg.Client,
  columns: ColumnBuffer,
  items: readonly IntakeItem[],
): Promise<ReadonlySet<number> | null> {
  startBatch(columns);
  const { rows } = await client.query<{ done: number[] | null }>({
    name: 'telemetry.store_in_order',
    text: fastText,
    values: columnsOf(columns, items),
  });
  const done = rows[0]?.done ?? null;
  return done === null ? null : new Set(done);
}

function columnsOf(columns: ColumnBuffer, items: readonly IntakeItem[]): Buffer[] {
  return [
    int4Column(columns, items, (item) => item.device.key),
    timeColumn(columns, items, (item) => item.record.at),
    boolColumn(columns, items, (item) => item.reported === 'degraded'),
    boolColumn(columns, items, (item) => item.buffered),
    textColumn(columns, items, (item) => item.record.status),
    int8Column(columns, items, (item) => item.record.sequence),
    timeColumn(columns, items, (item) => item.record.sentAt),
    int8Column(columns, items, (item) => item.skewMs),
    textColumn(columns, items, (item) => item.record.appVersion),
    float8Column(columns, items, (item) => item.record.values.error_rate_5m),
    float8Column(columns, items, (item) => item.record.values.request_latency_p95),
    float8Column(columns, items, (item) => item.record.values.sync_lag_sec),
    float8Column(columns, items, (item) => item.record.values.memory_usage),
    float8Column(columns, items, (item) => item.record.values.cpu_usage),
    float8Column(columns, items, (item) => item.record.values.disk_usage),
    jsonbColumn(columns, items, (item) => item.metricsText),
    byteaColumn(columns, items, (item) => item.body),
  ];
}
