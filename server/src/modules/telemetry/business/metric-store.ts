import { type RawBuilder, sql } from 'kysely';
import { deviceRows, siteRows } from '#modules/inventory';
import type { Tx } from '#platform/db/database';
import { toJson } from '#platform/storable';

export interface NewMetric {
  received_at: Date;
  at: Date;
  id: string;
  metric_type: string;
  metric_category: string;
  metric_name: string;
  value: number;
  unit: string;
  source: string;
  endpoint: string | null;
  site_id: string | null;
  device_id: string | null;
  tags: Record<string, string> | null;
}

export async function insertMetrics(
  tx: Tx,
  organizationId: string,
  metrics: readonly NewMetric[],
): Promise<void> {
  await sql`
    insert into metric_points (received_at, at, organization_id, id, metric_type, metric_category, metric_name, value,
      unit, source, endpoint, site_id, device_id, tags)
    select t.received_at, t.at, ${organizationId}, t.id, t.metric_type, t.metric_category, t.metric_name, t.value,
      t.unit, t.source, t.endpoint, t.site_id, t.device_id, t.tags
    from jsonb_to_recordset(${toJson(metrics)}::jsonb) as t(received_at timestamptz, at timestamptz, id uuid,
      metric_type text, metric_category text, metric_name text, value float8, unit text, source text, endpoint text,
      site_id uuid, device_id uuid, tags jsonb)`.execute(tx);
}

export interface MetricRow extends NewMetric {
  site_slug: string | null;
  device_slug: string | null;
}

export interface MetricFilter {
  metric_name?: string | undefined;
  metric_type?: string | undefined;
  metric_category?: string | undefined;
  source?: string | undefined;
  siteId: string | null;
  deviceId: string | null;
  since: Date;
  until: Date;
  after: { at: Date; id: string } | undefined;
  limit: number;
}

/** Newest first, one more than the page holds. */
export async function selectMetrics(
  tx: Tx,
  organizationId: string,
  filter: MetricFilter,
): Promise<MetricRow[]> {
  const where: RawBuilder<unknown>[] = [
    sql`m.organization_id = ${organizationId}`,
    sql`m.at >= ${filter.since}`,
    sql`m.at <= ${filter.until}`,
  ];
  for (const column of ['metric_name', 'metric_type', 'metric_category', 'source'] as const) {
    const value = filter[column];
    if (value !== undefined) where.push(sql`${sql.ref(`m.${column}`)} = ${value}`);
  }
  if (filter.siteId !== null) where.push(sql`m.site_id = ${filter.siteId}`);
  if (filter.deviceId !== null) where.push(sql`m.device_id = ${filter.deviceId}`);
  if (filter.after !== undefined)
    where.push(sql`(m.at, m.id) < (${filter.after.at}, ${filter.after.id}::uuid)`);
  const { rows } = await sql<MetricRow>`
    select m.*, s.slug as site_slug, d.slug as device_slug
    from metric_points m
    left join ${siteRows} s on s.organization_id = m.organization_id and s.id = m.site_id
    left join ${deviceRows} d on d.organization_id = m.organization_id and d.id = m.device_id
    where ${sql.join(where, sql` and `)}
    order by m.at desc, m.id desc limit ${filter.limit + 1}`.execute(tx);
  return rows;
}
