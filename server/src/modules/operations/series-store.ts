import { sql } from 'kysely';
import { metricPointRows } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';

export interface Span {
  readonly from: Date;
  readonly to: Date;
  readonly stepSeconds: number;
}

const dayMs = 86_400_000;
/**
 * A measurement may arrive a little before the time that it names, or later, because senders keep values for a while.
 */
const receivedSlackMs = 300_000;
const rowsMax = 200_000;

const during = (organizationId: string, { from, to }: Span) => sql`
  m.organization_id = ${organizationId} and m.at >= ${from} and m.at <= ${to}
  and m.received_at >= ${new Date(from.getTime() - receivedSlackMs)} and m.received_at <= ${new Date(to.getTime() + dayMs)}`;
const bucketOf = ({ from, stepSeconds }: Span) =>
  sql`date_bin(make_interval(secs => ${stepSeconds}), m.at, ${from}::timestamptz)`;

export interface SeriesRow {
  source: string;
  metric_name: string;
  unit: string;
  bucket: Date;
  avg: number;
  max: number;
  last: number;
  last_at: Date;
}

/** The named measurements of every source in equal steps, oldest first. */
export async function readSeries(
  tx: Tx,
  organizationId: string,
  span: Span,
  names: readonly string[],
): Promise<SeriesRow[]> {
  const { rows } = await sql<SeriesRow>`
    select m.source, m.metric_name, max(m.unit) as unit, ${bucketOf(span)} as bucket, avg(m.value)::float8 as avg,
      max(m.value)::float8 as max, (array_agg(m.value order by m.at desc))[1] as last, max(m.at) as last_at
    from ${metricPointRows} m
    where ${during(organizationId, span)} and m.metric_name = any(${[...names]}::text[]) and m.metric_type = 'SYSTEM'
    group by 1, 2, 4 order by 1, 2, 4 limit ${rowsMax}`.execute(tx);
  return rows;
}

export interface RequestRow {
  source: string;
  /** null: all routes together. */
  endpoint: string | null;
  /** null: the whole span. */
  bucket: Date | null;
  requests: number;
  client_errors: number;
  server_errors: number;
  p50: number;
  p95: number;
  p99: number;
}

const requestNames = [
  'requests',
  'client_errors',
  'server_errors',
  'latency_p50',
  'latency_p95',
  'latency_p99',
];
/** Routes are named by patterns. Beyond this number, a route counts only in the total. */
const groupsMax = 5_000;

/**
 * Combines the request figures that servers send per minute: counts are added, and percentiles are averaged with their
 * number of requests as weight. A source without a total of its own gets one from its routes.
 */
export async function readRequests(tx: Tx, organizationId: string, span: Span): Promise<RequestRow[]> {
  const weighted = (column: string) =>
    sql`coalesce(sum(n * ${sql.ref(column)}) / nullif(sum(n) filter (where ${sql.ref(column)} is not null), 0), 0)::float8`;
  const sums = sql`sum(n)::float8 as requests, ${weighted('ce')} as client_errors, ${weighted('se')} as server_errors,
    ${weighted('p50')} as p50, ${weighted('p95')} as p95, ${weighted('p99')} as p99`;
  const { rows } = await sql<RequestRow>`
    with minutes as (
      select m.source, m.endpoint, ${bucketOf(span)} as bucket,
        -- A rate per minute over so many seconds; without this tag, it was counted over a minute.
        max(m.value * coalesce((m.tags->>'seconds')::float8, 60) / 60) filter (where m.metric_name = 'requests') as n,
        max(m.value) filter (where m.metric_name = 'client_errors') as ce,
        max(m.value) filter (where m.metric_name = 'server_errors') as se,
        max(m.value) filter (where m.metric_name = 'latency_p50') as p50,
        max(m.value) filter (where m.metric_name = 'latency_p95') as p95,
        max(m.value) filter (where m.metric_name = 'latency_p99') as p99
      from ${metricPointRows} m
      where ${during(organizationId, span)} and m.metric_name = any(${requestNames}::text[]) and m.metric_category = 'http'
        and m.metric_type = 'PERFORMANCE'
      group by m.source, m.endpoint, m.at, bucket
    ), told as (
      select distinct source from minutes where endpoint is null
    ), totals as (
      select * from minutes where endpoint is null or source not in (select source from told)
    )
    select source, null as endpoint, null::timestamptz as bucket, ${sums} from totals group by source
    union all
    select source, null, bucket, ${sums} from totals group by source, bucket
    union all
    (select source, endpoint, null::timestamptz, ${sums} from minutes where endpoint is not null
      group by source, endpoint order by sum(n) desc nulls last limit ${groupsMax})`.execute(tx);
  return rows;
}

export interface LatestRow {
  source: string;
  metric_name: string;
  value: number;
}

/** Older figures say nothing about now. */
const latestSeconds = 900;

export async function readLatest(
  tx: Tx,
  organizationId: string,
  names: readonly string[],
  now: Date,
): Promise<LatestRow[]> {
  const span = { from: new Date(now.getTime() - latestSeconds * 1000), to: now, stepSeconds: latestSeconds };
  const { rows } = await sql<LatestRow>`
    select distinct on (m.source, m.metric_name) m.source, m.metric_name, m.value from ${metricPointRows} m
    where ${during(organizationId, span)} and m.metric_name = any(${[...names]}::text[]) and m.metric_type = 'SYSTEM'
    order by m.source, m.metric_name, m.at desc limit ${rowsMax}`.execute(tx);
  return rows;
}
