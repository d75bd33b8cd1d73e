import { metricTypes, unnamedSource } from '@watchkeeper/contracts/telemetry';
import { type RawBuilder, sql } from 'kysely';
import Type, { type Static } from 'typebox';
import { metricPointRows } from '#modules/telemetry';
import { capitalized, wordsOfMetric } from '../words.ts';

/**
 * Selects the measurements of a rule: by name, type, category, source and endpoint. Each series is judged separately.
 */

const word = (
  title: string,
  description: string,
  more: { maxLength?: number; examples?: string[]; advanced?: boolean } = {},
) => {
  const { maxLength = 256, ...rest } = more;
  return Type.Union([Type.String({ minLength: 1, maxLength }), Type.Null()], {
    title,
    description,
    default: null,
    ...rest,
  });
};

export const seriesFields = {
  metric: word(
    'Metric',
    'The name of a measurement sent to /metrics, or of one that Watchkeeper makes of its hosts. Empty: every measurement of the type or category below.',
    {
      maxLength: 64,
      examples: ['cpu_usage', 'memory_usage', 'disk_usage', 'latency_p95', 'server_errors'],
    },
  ),
  metric_type: Type.Union([Type.Enum([...metricTypes]), Type.Null()], {
    title: 'Type',
    description: 'Only measurements of this type.',
    labels: { SYSTEM: 'system', PERFORMANCE: 'performance', BUSINESS: 'business' },
    default: null,
  }),
  metric_category: word('Category', 'Only measurements of this category, in any case.', {
    maxLength: 64,
    examples: ['RESPONSE_TIME', 'CONCURRENT_USERS', 'USER_ENGAGEMENT'],
  }),
  source: word('Source', 'Only measurements of this source. Empty: each source is judged separately.'),
  endpoint: word('Endpoint', 'Only this endpoint. Empty: each endpoint is judged separately.'),
};

const Series = Type.Object(seriesFields);
/** Rules that were saved before type and category existed lack those two. */
export type SeriesConfig = Omit<Static<typeof Series>, 'metric_type' | 'metric_category'> &
  Partial<Pick<Static<typeof Series>, 'metric_type' | 'metric_category'>>;

/** Mistakes by field. A rule must select something: "all measurements" is refused. */
export function checkSeries({ metric, metric_type, metric_category }: SeriesConfig) {
  return metric === null && (metric_type ?? null) === null && (metric_category ?? null) === null
    ? [{ field: 'metric', message: 'is needed, or a metric_type, or a metric_category' }]
    : [];
}

/** The columns of a rules row that `seriesPoints` reads. */
export const seriesColumns = sql`config->>'metric' as metric, config->>'metric_type' as metric_type,
  lower(config->>'metric_category') as metric_category, config->>'source' as source, config->>'endpoint' as endpoint`;

const separator = sql`chr(31)`;

/**
 * The identity of the series of point `m`. If the rule names its metric: source and endpoint; otherwise type, category
 * and name as well.
 */
export function seriesId(isNamed: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`md5(case when ${isNamed} then ''
    else concat_ws(${separator}, m.metric_type, lower(m.metric_category), m.metric_name, '') end
    || m.source || ${separator} || coalesce(m.endpoint, ''))`;
}

export function seriesName(isNamed: RawBuilder<unknown>): RawBuilder<unknown> {
  const of = sql`case when m.endpoint is null then '' else m.endpoint || ' of ' end || m.source`;
  return sql`case when ${isNamed} then ${of} when m.endpoint is null and m.source = ${unnamedSource} then m.metric_name
    else m.metric_name || ' of ' || ${of} end`;
}

/** The conditions beside the name: whether point `m` belongs to rule `r`. */
const isOfRule = sql`(r.metric_type is null or m.metric_type = r.metric_type)
    and (r.metric_category is null or lower(m.metric_category) = r.metric_category)
    and (r.source is null or m.source = r.source) and (r.endpoint is null or m.endpoint = r.endpoint)
    and (r.site_id is null or m.site_id = r.site_id)`;

/**
 * For `RuleKind.watches`: compares the rule with the measurement that the alert stored. The series' id is compared as
 * well, because a rule that gains or loses the name of its metric gives its series other ids from then on.
 */
export const watchesSeries = sql`(not a.details ? 'metric_type' or exists (
  select from (select x.site_id, ${seriesColumns} from (select r.site_id, r.config) x) r,
    (select a.details->>'metric' as metric_name, a.details->>'metric_type' as metric_type, a.site_id,
      a.details->>'metric_category' as metric_category, a.details->>'source' as source, a.details->>'endpoint' as endpoint) m
  where (r.metric is null or m.metric_name = r.metric) and ${isOfRule}
    and a.subject = 'metric:' || ${seriesId(sql`r.metric is not null`)}))`;

/** The furthest that a rule about measurements looks back: a day, and the time after which a measurement is too old. */
const lookMsMax = 86_400_000 + 3_600_000;

/** The points `m` of rule `r` (with `seriesColumns`) of the last `r.look_s` seconds. */
export function seriesPoints(now: Date): RawBuilder<unknown> {
  const isNamed = sql`r.metric is not null`;
  const begin = sql`${now}::timestamptz - make_interval(secs => r.look_s)`;
  const columns = sql`r.id as rule_id, m.metric_name, m.metric_type, m.metric_category, m.unit, m.source, m.endpoint, m.at, m.value, m.site_id,
    ${seriesId(isNamed)} as subject_id, ${seriesName(isNamed)} as subject_name`;
  const wanted = sql`m.organization_id = r.organization_id and m.at > ${begin} and m.at <= ${now}
    -- What was measured lately came in lately. A time that is known when the statement is planned leaves out older days.
    and m.received_at > ${begin} and m.received_at > ${new Date(now.getTime() - lookMsMax)} and ${isOfRule}`;
  // Two halves, so that a rule that names its metric uses the index of names.
  return sql`select ${columns} from r join ${metricPointRows} m on m.metric_name = r.metric and ${wanted}
    union all
    select ${columns} from r join ${metricPointRows} m on r.metric is null and ${wanted}`;
}

/** The names of a series of measurements. */
export interface SeriesRow {
  metric_name: string;
  metric_type: string;
  metric_category: string;
  unit: string;
  source: string;
  endpoint: string | null;
}

export interface PointRow extends SeriesRow {
  subject_id: string;
  subject_name: string;
  at: Date;
  value: number;
}

/** The points of a time span, by series, oldest first. */
export function pastPoints(
  rule: {
    organizationId: string;
    siteId: string | null;
    subject?: { id: string } | undefined;
    config: SeriesConfig;
  },
  span: { from: Date; to: Date },
  limit: number,
): RawBuilder<PointRow> {
  const { metric, metric_type = null, metric_category = null, source, endpoint } = rule.config;
  const isNamed = sql`${metric !== null}::boolean`;
  const id = seriesId(isNamed);
  const only = rule.subject === undefined ? sql`true` : sql`${id} = ${rule.subject.id}`;
  return sql<PointRow>`
    select ${id} as subject_id, ${seriesName(isNamed)} as subject_name, m.metric_name, m.metric_type,
      m.metric_category, m.unit, m.source, m.endpoint, m.at, m.value
    from ${metricPointRows} m
    where m.organization_id = ${rule.organizationId} and ${metric === null ? sql`true` : sql`m.metric_name = ${metric}`}
      and m.at >= ${span.from} and m.at <= ${span.to} and m.received_at >= ${span.from}
      and (${metric_type}::text is null or m.metric_type = ${metric_type})
      and (${metric_category}::text is null or lower(m.metric_category) = lower(${metric_category}))
      and (${source}::text is null or m.source = ${source}) and (${endpoint}::text is null or m.endpoint = ${endpoint})
      and (${rule.siteId}::uuid is null or m.site_id = ${rule.siteId}) and ${only}
    order by 1, m.at limit ${limit}`;
}

/** The subject of the rule as the beginning of a sentence: a metric's name, else its category, else its type. */
export function wordsOfSeries({ metric, metric_type, metric_category }: SeriesConfig): string {
  if (metric !== null) return wordsOfMetric(metric).label;
  if (typeof metric_category === 'string')
    return capitalized(metric_category.toLowerCase().replaceAll('_', ' '));
  return typeof metric_type === 'string' ? `${capitalized(metric_type.toLowerCase())} metrics` : 'Metrics';
}

/** " of /checkout of api-server", if the rule names them. */
export function wordsOfPlace({ source, endpoint }: SeriesConfig): string {
  const of = [endpoint, source].filter((part) => part !== null).join(' of ');
  return of === '' ? '' : ` of ${of}`;
}
