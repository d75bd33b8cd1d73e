import { type Comparison, comparisons } from '@watchkeeper/contracts';
import { durationWords } from '@watchkeeper/contracts/figures';
import { sql } from 'kysely';
import Type, { type Static } from 'typebox';
import { monitoringSettings } from '#config';
import { organizationRows } from '#modules/identity';
import type { Tx } from '#platform/db/database';
import type { EnvironmentLimits, Judgement } from '../judgement.ts';
import { defineRuleKind } from '../kind.ts';
import {
  checkSeries,
  type PointRow,
  pastPoints,
  type SeriesConfig,
  type SeriesRow,
  seriesColumns,
  seriesFields,
  seriesPoints,
  watchesSeries,
  wordsOfPlace,
  wordsOfSeries,
} from '../observing/metric-series.ts';
import {
  joinOpenAlert,
  lastResolvedAt,
  type ObservedRow,
  onlyRules,
  ruleColumns,
  toObservation,
} from '../observing/observation-store.ts';
import type { Replay, ReplayedRule, ReplaySpan } from '../replay.ts';
import {
  besideLimit,
  compare,
  labelsOfComparisons,
  wordsOfAsked,
  wordsOfLimit,
  wordsOfMetric,
  wordsOfVerdict,
} from '../words.ts';

const schema = Type.Object(
  {
    ...seriesFields,
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
            'Every measurement within this time must meet the condition. 0: only the newest one counts.',
        }),
      },
      { additionalProperties: false, title: 'Condition' },
    ),
    minimum_points: Type.Integer({
      minimum: 1,
      maximum: 100,
      default: 1,
      title: 'Minimum number of measurements',
      description: 'In a row, before it fires: a single bad minute is not a fault.',
    }),
  },
  { additionalProperties: false },
);

type Config = Omit<Static<typeof schema>, keyof SeriesConfig> & SeriesConfig;

/** A measurement older than this does not describe the present. */
export const freshSeconds = 900;
/** The most subjects that one rule judges: a source that makes up endpoints must not fill the inbox. */
const subjectsMax = 500;

export interface Measured {
  readonly metric: string;
  readonly type: string;
  readonly category: string;
  /** As the sender wrote it; empty: none. */
  readonly unit: string;
  readonly source: string;
  readonly endpoint: string | null;
  readonly value: number;
  readonly at: Date;
  /** The measurement from which on all meet the condition; null: the newest one does not meet it. */
  readonly heldSince: Date | null;
  /** How many measurements in a row meet it, including the newest. */
  readonly points: number;
}

export function evaluateMetric(config: Config, data: Measured, now: Date): Judgement {
  const { operator, threshold, duration } = config.condition;
  const { label, format } = wordsOfMetric(data.metric, data.unit);
  const details = {
    metric: data.metric,
    metric_type: data.type,
    metric_category: data.category,
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
  // Not `pending`: the measurements themselves show since when it holds.
  if (held < duration * 60 || data.points < config.minimum_points)
    return judged(
      'unknown',
      `${reading} for ${durationWords(held)}; the rule waits for ${durationWords(duration * 60)}.`,
    );
  const lasted = duration === 0 ? '' : ` for ${durationWords(held)}`;
  return judged('firing', `${reading}${lasted}; ${wordsOfLimit(operator, said.limit)}.`);
}

interface MetricRow extends ObservedRow, SeriesRow {
  value: number;
  at: Date;
  held_since: Date | null;
  points: number;
}

/** The limits, by metric, that apply when nobody set one. */
const unchosenLimits = JSON.stringify({
  cpu_usage: monitoringSettings.cpu_usage_threshold.fallback,
  memory_usage: monitoringSettings.memory_usage_threshold.fallback,
  disk_usage: monitoringSettings.disk_usage_threshold.fallback,
  latency_p95: monitoringSettings.response_time_threshold.fallback,
  server_errors: monitoringSettings.error_rate_threshold.fallback,
});
/**
 * On an organization's first day, a default rule with a default limit opens no alert about the machine that Watchkeeper
 * itself runs on. The system page shows the number from the start, and a limit that somebody sets counts at once.
 */
const greetsNewcomer = sql`(r.template and r.config#>>'{condition,threshold}' is null
  and r.threshold = (${unchosenLimits}::jsonb->>r.metric)::float8 and g.source like 'watchkeeper%'
  and exists (select from ${organizationRows} n where n.id = r.organization_id and n.created_at > r.now - interval '1 day'))`;
const subject = sql`'metric:' || g.subject_id`;
const meets = sql`case r.operator when '>' then m.value > r.threshold when '>=' then m.value >= r.threshold
  when '<' then m.value < r.threshold when '<=' then m.value <= r.threshold
  when '==' then m.value = r.threshold else m.value <> r.threshold end`;

export const metric = defineRuleKind({
  kind: 'metric',
  label: 'Measurement',
  help: 'Fires when a measurement (of a host, of a server’s requests, or one of your own) meets the condition for long enough, and resolves when the newest one no longer does. A gap in the measurements changes nothing.',
  schema,
  fixture: {
    metric: 'cpu_usage',
    metric_type: null,
    metric_category: null,
    source: null,
    endpoint: null,
    condition: { operator: '>', threshold: 90, duration: 5 },
    minimum_points: 3,
  },
  subjects: ['metric'],
  wakesOn: 'metrics',
  restsOnSilence: false,
  deviceStatus: null,
  watches: watchesSeries,
  resolve: (config, limits) => ({
    ...config,
    condition: {
      ...config.condition,
      threshold: config.condition.threshold ?? limitOf(config, limits),
    },
  }),
  check: (config) => {
    const { metric: name, condition } = config;
    const mistakes = checkSeries(config);
    if (condition.threshold !== null || (name !== null && followed.has(name))) return mistakes;
    const message =
      name === null
        ? 'is needed: only a named metric can use the limit of the settings'
        : `is needed: no setting has a limit for "${name}"`;
    return [...mistakes, { field: 'condition.threshold', message }];
  },
  signal: (config) => ({
    label: wordsOfSeries(config),
    unit: config.metric === null ? '' : wordsOfMetric(config.metric).unit,
    limit: config.condition.threshold,
    side: config.condition.operator.startsWith('<') ? 'below' : 'above',
  }),
  describe(config) {
    const { operator, threshold, duration } = config.condition;
    const { format } = wordsOfMetric(config.metric ?? '');
    const held = duration === 0 ? '' : ` for ${durationWords(duration * 60)}`;
    const limit = threshold === null ? 'the limit of the settings' : format(threshold);
    return `${wordsOfSeries(config)}${wordsOfPlace(config)} ${operator} ${limit}${held}`;
  },
  title: (config, { name: whose }) =>
    `${wordsOfSeries(config)} ${wordsOfVerdict(config.condition.operator)}: ${whose}`,
  async observe(tx, moment, focus) {
    const { now, limits } = moment;
    const { rows } = await sql<MetricRow>`
      with r as materialized (
        select *, ${now}::timestamptz as now, ${seriesColumns},
          config#>>'{condition,operator}' as operator, (config#>>'{condition,duration}')::float8 * 60 + ${freshSeconds} as look_s,
          coalesce((config#>>'{condition,threshold}')::float8,
            (${JSON.stringify(limits.thresholds)}::jsonb->>(config->>'metric'))::float8) as threshold
        from rules where kind = 'metric' and enabled ${onlyRules(focus)}
      ), m as materialized (${seriesPoints(now)}), judged as (
        select m.*, ${meets} as meets from m join r on r.id = m.rule_id
      ), o as (
        select *, max(at) filter (where not meets) over (partition by rule_id, subject_id) as last_fine from judged
      ), g as (
        select rule_id, subject_id, max(subject_name) as subject_name, max(metric_name) as metric_name,
          (array_agg(metric_type order by at desc))[1] as metric_type,
          (array_agg(metric_category order by at desc))[1] as metric_category, (array_agg(unit order by at desc))[1] as unit, max(source) as source, max(endpoint) as endpoint,
          (array_agg(value order by at desc))[1] as value, max(at) as at, (array_agg(site_id order by at desc))[1] as site_id,
          min(at) filter (where last_fine is null or at > last_fine) as held_since,
          (count(*) filter (where last_fine is null or at > last_fine))::int as points,
          row_number() over (partition by rule_id order by max(value) desc) as n
        from o group by rule_id, subject_id
      )
      select ${ruleColumns}, 'metric' as subject_kind, g.subject_id, g.subject_name, g.site_id, null::uuid as device_id,
        null::text as device_status, null::timestamptz as pending_since, a.id as alert_id,
        ${lastResolvedAt(subject)} as last_resolved_at, g.metric_name, g.metric_type, g.metric_category, g.unit, g.source, g.endpoint, g.value, g.at, g.held_since, g.points
      from g join r on r.id = g.rule_id ${joinOpenAlert(subject)}
      where (g.points > 0 and g.n <= ${subjectsMax} and not ${greetsNewcomer}) or a.id is not null`.execute(
      tx,
    );
    return rows.map((row) =>
      toObservation<Measured>(row, {
        metric: row.metric_name,
        type: row.metric_type,
        category: row.metric_category,
        unit: row.unit,
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

/** Metrics whose limit is a setting. */
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

function limitOf({ metric: name }: Config, { thresholds }: EnvironmentLimits): number | null {
  return name === null ? null : (thresholds[name] ?? null);
}

const pointsMax = 100_000;

async function replayMetric(
  tx: Tx,
  rule: ReplayedRule & { config: Config },
  span: ReplaySpan,
): Promise<Replay<Measured>> {
  const { rows } = await pastPoints(rule, span, pointsMax).execute(tx);
  const tracks = [...Map.groupBy(rows, (row) => row.subject_id)].map(([id, points]) => ({
    subject: { kind: 'metric' as const, id, name: points[0]?.subject_name ?? '' },
    points: asTrack(points, rule.config.condition),
  }));
  const notes =
    rows.length === pointsMax
      ? ['There are more measurements than one backtest reads; the last ones are not counted.']
      : [];
  return { tracks, subjectsTotal: tracks.length, notes };
}

function asTrack(
  points: readonly PointRow[],
  { operator, threshold }: { operator: Comparison; threshold: number | null },
) {
  let heldSince: Date | null = null;
  let count = 0;
  return points.map(({ metric_name, metric_type, metric_category, unit, source, endpoint, at, value }) => {
    const holds = threshold !== null && compare(value, operator, threshold);
    heldSince = holds ? (heldSince ?? at) : null;
    count = holds ? count + 1 : 0;
    const data: Measured = {
      metric: metric_name,
      type: metric_type,
      category: metric_category,
      unit,
      source,
      endpoint,
      value,
      at,
      heldSince,
      points: count,
    };
    return { at, watch: { watchingSince: at, intakeUp: true }, data };
  });
}
