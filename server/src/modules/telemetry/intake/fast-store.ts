import type pg from 'pg';
import { type ByteWriter, byteWriter } from '../history/bytes.ts';
import type { IntakeItem } from './item.ts';
import { writeItems } from './item-binary.ts';
import { skewAgreementMs } from './judge.ts';

/**
 * The common case in one statement and one round trip: the next heartbeat, in order, of a device whose
 * status does not change and which is not watched. Any other row is not touched and is reported missing;
 * the careful path (careful.ts) takes it. The row lock decides, so two processes agree.
 */
const fastText = withoutIndents(`
  with item as (
    select * from unnest($1::telemetry_item[])
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
    where s.device_key between i.device_key and i.device_key
      and s.status = case when i.degraded then 'degraded' else 'online' end
      and not s.watched
      and i.at <= s.last_seen_at + make_interval(secs => $2)
      and (i.sequence is null or s.sequence is null or i.sequence > s.sequence)
      and (i.sent_at is null or s.sent_at is null or i.sent_at > s.sent_at)
      and (not i.buffered or i.sent_at is null or abs(i.skew_ms - s.skew_ms) <= ${skewAgreementMs})
    returning s.organization_id, i.device_key, i.at, i.body
  ), stored as (
    insert into heartbeats (at, organization_id, device_key, body)
    select at, organization_id, device_key, body from updated
  )
  select case when count(*) < cardinality($1::telemetry_item[]) then coalesce(array_agg(device_key), '{}') end as done from updated`);

/**
 * The plan must not depend on statistics: those of a young table lead to one that reads the whole table for
 * each item. An equality could be met from either side; of a range, the table can only be the inner side, looked
 * into by primary key once per item, so locks are taken in the order of the batch. The settings rule out the rest.
 */
const fastSession = `
  set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off;
  set enable_material = off; set enable_memoize = off;
  set plan_cache_mode = force_generic_plan; set synchronous_commit = on`;

/** PostgreSQL copies a statement's text each time it runs, prepared or not. */
function withoutIndents(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** As good as never, and within what an interval holds. */
const silenceSecondsMax = 1e9;

/** A connection of intake's own, prepared for `storeInOrder`. */
export interface FastLane {
  readonly client: pg.Client;
  /** Of `telemetry_item`: types that we make ourselves have another number in every database. */
  readonly itemOid: number;
  readonly writer: ByteWriter;
}

export async function openFastLane(client: pg.Client): Promise<FastLane> {
  await client.query(fastSession);
  const { rows } = await client.query<{ oid: number }>("select 'telemetry_item'::regtype::oid as oid");
  return { client, itemOid: rows[0]?.oid ?? 0, writer: byteWriter() };
}

/**
 * Stores what it can. Items are one per device, in order of device key. A heartbeat that ends a silence
 * longer than `silenceMs` takes the careful path, which reports the silence.
 * @returns the keys it stored,
 * or null when that is all of them.
 */
export async function storeInOrder(
  lane: FastLane,
  items: readonly IntakeItem[],
  silenceMs: number,
): Promise<ReadonlySet<number> | null> {
  const { rows } = await lane.client.query<{ done: number[] | null }>({
    name: 'telemetry.store_in_order',
    text: fastText,
    values: [writeItems(lane.writer, lane.itemOid, items), Math.min(silenceMs / 1_000, silenceSecondsMax)],
  });
  const done = rows[0]?.done ?? null;
  return done === null ? null : new Set(done);
}
