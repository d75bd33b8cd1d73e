import { type Comparison, comparisons } from '@watchkeeper/contracts';
import { sql } from 'kysely';
import Type, { type Static } from 'typebox';
import { monitoringSettings } from '#config';
import type { Tx } from '#platform/db/database';
import { defineRuleKind, type Judgement, type Replay, type ReplayedRule, type ReplaySpan } from '../kind.ts';
import {
  joinOpenAlert,
  lastResolvedAt,
  type ObservedRow,
  onlyRules,
  ruleColumns,
  toObservation,
} from '../observation-store.ts';
import {
  besideLimit,
  compare,
  durationWords,
  labelsOfComparisons,
  wordsOfAsked,
  wordsOfLimit,
  wordsOfMetric,
  wordsOfVerdict,
} from '../words.ts';

const word = (title: string, description: string) =>
  Type.Union([Type.String({ minLength: 1, maxLength: 256 }), Type.Null()], {
    title,
    description,
    default: null,
  });

const schema = Type.Object(
  {
    metric: Type.String({
      minLength: 1,
      maxLength: 64,
      title: 'Metric',
      description:
        'The name of a measurement sent to /metrics, or of one that Watchkeeper takes of its hosts.',
      examples: ['cpu_usage', 'memory_usage', 'disk_usage', 'latency_p95', 'server_errors'],
    }),
    source: word('Source', 'Only measurements of this source. Empty: each source is judged for itself.'),
    endpoint: word('Endpoint', 'Only this endpoint. Empty: each endpoint is judged for itself.'),
    condition: Type.Object(
      {
        operator: Type.Enum([...comparisons], { title: 'Is', labels: labelsOfComparisons, default: '>' }),
        threshold: Type.Union([Type.Number(), Type.Null()], {
          title: 'Threshold',
          description:
            "In the metric's own unit. Empty follows the settings of the installation (CPU_USAGE_THRESHOLD, RESPONSE_TIME_THRESHOLD, ...).",
        }),
        duration: Type.Number({
          minimum: 0,
          maximum: 1440,
          default: 5,
          unit: 'min',
          title: 'For at least',
          description:
            'Every measurement within this time must meet the condition. 0: the newest one decides.',
        }),
      },
      { additionalProperties: false, title: 'Condition' },
    ),
    minimum_points: Type.Integer({
      minimum: 1,
      maximum: 100,
      default: 1,
      title: 'At least so many measurements',
      description: 'In a row, before it fires: one odd minute is no fault.',
    }),
  },
  { additionalProperties: false },
);

type Config = Static<typeof schema>;

/** A measurement older than this says nothing about now. */
export const freshSeconds = 900;
/** Subjects that one rule judges; a source that makes up endpoints must not fill the inbox. */
const subjectsMax = 500;

export interface Measured {
  readonly source: string;
  readonly endpoint: string | null;
  readonly value: number;
  readonly at: Date;
  /** The first measurement since which all of them meet the condition; null: the newest does not. */
  readonly heldSince: Date | null;
  /** How many in a row meet it, the newest included. */
  readonly points: number;
}

export function evaluateMetric(config: Config, data: Measured, now: Date): Judgement {
  const { operator, threshold, duration } = config.condition;
  const { label, format } = wordsOfMetric(config.metric);
  const details = {
    metric: config.metric,
    source: data.source,
    endpoint: data.endpoint,
    value: data.value,
    operator,
    threshold,
    duration_minutes: duration,
    measurements: data.points,
    at: data.at.toISOString(),
  };
  const judged = (verdict: Judgement['verdict'], why: string): Judgement => ({
    verdict,
    value: data.value,
    why,
    details,
  });
  if (threshold === null) return judged('unknown', `${label} has no limit.`);
  const said = besideLimit(data.value, threshold, format);
  const reading = `${label} is ${said.value}`;
  const age = (now.getTime() - data.at.getTime()) / 1000;
  if (age > freshSeconds) return judged('unknown', `${reading}, but that is ${durationWords(age)} old.`);
  if (!compare(data.value, operator, threshold))
    return judged('ok', `${reading}; ${wordsOfAsked(operator, said.limit)}.`);
  const held = data.heldSince === null ? 0 : (data.at.getTime() - data.heldSince.getTime()) / 1000;
  // Not `pending`: since when it holds stands in the measurements themselves.
  if (held < duration * 60 || data.points < config.minimum_points)
    return judged(
      'unknown',
      `${reading} for ${durationWords(held)}; the rule waits for ${durationWords(duration * 60)}.`,
    );
  const lasted = duration === 0 ? '' : ` for ${durationWords(held)}`;
  return judged('firing', `${reading}${lasted}; ${wordsOfLimit(operator, said.limit)}.`);
}

interface MetricRow extends ObservedRow {
  source: string;
  endpoint: string | null;
  value: number;
  at: Date;
  held_since: Date | null;
  points: number;
}

/** By metric, the limits that stand where nobody set one. */
const unchosenLimits = JSON.stringify({
  cpu_usage: monitoringSettings.cpu_usage_threshold.fallback,
  memory_usage: monitoringSettings.memory_usage_threshold.fallback,
  disk_usage: monitoringSettings.disk_usage_threshold.fallback,
  latency_p95: monitoringSettings.response_time_threshold.fallback,
  server_errors: monitoringSettings.error_rate_threshold.fallback,
});
/**
 * On its first day nobody is greeted by an alert about the machine that Watchkeeper itself runs on, by a rule and a
 * limit that nobody chose. The system page shows the number from the start, and a limit that is set counts at once.
 */
const greetsNewcomer = sql`(r.template and r.config#>>'{condition,threshold}' is null
  and r.threshold = (${unchosenLimits}::jsonb->>r.metric)::float8 and g.source like 'watchkeeper%'
  and exists (select from organizations n where n.id = r.organization_id and n.created_at > r.now - interval '1 day'))`;
const subjectId = sql`md5(m.source || chr(31) || coalesce(m.endpoint, ''))`;
const subjectName = sql`case when m.endpoint is null then m.source else m.endpoint || ' of ' || m.source end`;
const subject = sql`'metric:' || g.subject_id`;
const meets = sql`case r.operator when '>' then m.value > r.threshold when '>=' then m.value >= r.threshold
  when '<' then m.value < r.threshold when '<=' then m.value <= r.threshold
  when '==' then m.value = r.threshold else m.value <> r.threshold end`;

export const metric = defineRuleKind({
  kind: 'metric',
  label: 'Measurement',
  help: 'Fires when a measurement (of a host, of a server’s requests, or one of your own) meets the condition for long enough, and resolves when the newest one no longer does. A gap in measuring changes nothing.',
  schema,
  fixture: {
    metric: 'cpu_usage',
    source: null,
    endpoint: null,
    condition: { operator: '>', threshold: 90, duration: 5 },
    minimum_points: 3,
  },
  subjects: ['metric'],
  wakesOn: 'metrics',
  restsOnSilence: false,
  deviceStatus: null,
  resolve: (config, limits) => ({
    ...config,
    condition: {
      ...config.condition,
      threshold: config.condition.threshold ?? limits.thresholds[config.metric] ?? null,
    },
  }),
  check: ({ metric: name, condition }) =>
    condition.threshold !== null || followed.has(name)
      ? []
      : [{ field: 'condition.threshold', message: `is needed: no setting has a limit for "${name}"` }],
  signal: ({ metric: name, condition }) => {
    const { label, unit } = wordsOfMetric(name);
    return {
      label,
      unit,
      limit: condition.threshold,
      side: condition.operator.startsWith('<') ? 'below' : 'above',
    };
  },
  describe({ metric: name, source, endpoint, condition: { operator, threshold, duration } }) {
    const { label, format } = wordsOfMetric(name);
    const of = [endpoint, source].filter((part) => part !== null).join(' of ');
    const held = duration === 0 ? '' : ` for ${durationWords(duration * 60)}`;
    const limit = threshold === null ? 'the limit of the settings' : format(threshold);
    return `${label}${of === '' ? '' : ` of ${of}`} ${operator} ${limit}${held}`;
  },
  title: ({ metric: name, condition }, { name: whose }) =>
    `${wordsOfMetric(name).label} ${wordsOfVerdict(condition.operator)}: ${whose}`,
  async observe(tx, moment, focus) {
    const { now, limits } = moment;
    const { rows } = await sql<MetricRow>`
      with r as materialized (
        select *, ${now}::timestamptz as now, config->>'metric' as metric, config->>'source' as source, config->>'endpoint' as endpoint,
          config#>>'{condition,operator}' as operator, (config#>>'{condition,duration}')::float8 * 60 + ${freshSeconds} as look_s,
          coalesce((config#>>'{condition,threshold}')::float8,
            (${JSON.stringify(limits.thresholds)}::jsonb->>(config->>'metric'))::float8) as threshold
        from rules where kind = 'metric' and enabled ${onlyRules(focus)}
      ), m as (
        select r.id as rule_id, m.source, m.endpoint, m.at, m.value, m.site_id, ${meets} as meets, ${subjectId} as subject_id,
          ${subjectName} as subject_name
        from r join metric_points m on m.organization_id = r.organization_id and m.metric_name = r.metric
          and m.at > ${now}::timestamptz - make_interval(secs => r.look_s) and m.at <= ${now}
          -- What was measured lately came in lately: older days need not be looked at.
          and m.received_at > ${now}::timestamptz - make_interval(secs => r.look_s)
          and (r.source is null or m.source = r.source) and (r.endpoint is null or m.endpoint = r.endpoint)
          and (r.site_id is null or m.site_id = r.site_id)
      ), o as (
        select *, max(at) filter (where not meets) over (partition by rule_id, subject_id) as last_fine from m
      ), g as (
        select rule_id, subject_id, max(subject_name) as subject_name, max(source) as source, max(endpoint) as endpoint,
          (array_agg(value order by at desc))[1] as value, max(at) as at, (array_agg(site_id order by at desc))[1] as site_id,
          min(at) filter (where last_fine is null or at > last_fine) as held_since,
          (count(*) filter (where last_fine is null or at > last_fine))::int as points,
          row_number() over (partition by rule_id order by max(value) desc) as n
        from o group by rule_id, subject_id
      )
      select ${ruleColumns}, 'metric' as subject_kind, g.subject_id, g.subject_name, g.site_id, null::uuid as device_id,
        null::text as device_status, null::timestamptz as pending_since, a.id as alert_id,
        ${lastResolvedAt(subject)} as last_resolved_at, g.source, g.endpoint, g.value, g.at, g.held_since, g.points
      from g join r on r.id = g.rule_id ${joinOpenAlert(subject)}
      where (g.points > 0 and g.n <= ${subjectsMax} and not ${greetsNewcomer}) or a.id is not null`.execute(
      tx,
    );
    return rows.map((row) =>
      toObservation<Measured>(row, {
        source: row.source,
        endpoint: row.endpoint,
        value: row.value,
        at: row.at,
        heldSince: row.held_since,
        points: row.points,
      }),
    );
  },
  evaluate: (config, data, moment) => evaluateMetric(config, data, moment.now),
  replay: replayMetric,
});

/** Metrics whose limit the settings have. */
const followed = new Set([
  'cpu_usage',
  'memory_usage',
  'disk_usage',
  'latency_p95',
  'server_errors',
  'request_latency_p95',
  'error_rate_5m',
  'sync_lag_sec',
]);

const pointsMax = 100_000;

interface PointRow {
  subject_id: string;
  subject_name: string;
  source: string;
  endpoint: string | null;
  at: Date;
  value: number;
}

async function replayMetric(
  tx: Tx,
  rule: ReplayedRule & { config: Config },
  span: ReplaySpan,
): Promise<Replay<Measured>> {
  const { metric: name, source, endpoint, condition } = rule.config;
  const only = rule.subject === undefined ? sql`true` : sql`${subjectId} = ${rule.subject.id}`;
  const { rows } = await sql<PointRow>`
    select ${subjectId} as subject_id, ${subjectName} as subject_name, m.source, m.endpoint, m.at, m.value
    from metric_points m
    where m.organization_id = ${rule.organizationId} and m.metric_name = ${name}
      and m.at >= ${span.from} and m.at <= ${span.to} and m.received_at >= ${span.from}
      and (${source}::text is null or m.source = ${source}) and (${endpoint}::text is null or m.endpoint = ${endpoint})
      and (${rule.siteId}::uuid is null or m.site_id = ${rule.siteId}) and ${only}
    order by 1, m.at limit ${pointsMax}`.execute(tx);
  const tracks = [...Map.groupBy(rows, (row) => row.subject_id)].map(([id, points]) => ({
    subject: { kind: 'metric' as const, id, name: points[0]?.subject_name ?? '' },
    points: asTrack(points, condition),
  }));
  const notes =
    rows.length === pointsMax
      ? ['There are more measurements than one backtest reads; the last are left out.']
      : [];
  return { tracks, subjectsTotal: tracks.length, notes };
}

function asTrack(
  points: readonly PointRow[],
  { operator, threshold }: { operator: Comparison; threshold: number | null },
) {
  let heldSince: Date | null = null;
  let count = 0;
  return points.map(({ source, endpoint, at, value }) => {
    const holds = threshold !== null && compare(value, operator, threshold);
    heldSince = holds ? (heldSince ?? at) : null;
    count = holds ? count + 1 : 0;
    const data: Measured = { source, endpoint, value, at, heldSince, points: count };
    return { at, watch: { watchingSince: at, intakeUp: true }, data };
  });
}
