import { type Comparison, comparisons, type HeartbeatMetric, heartbeatMetrics } from '@watchkeeper/contracts';
import { type RawBuilder, sql } from 'kysely';
import Type, { type Static } from 'typebox';
import { readHeartbeatSeries } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';
import { cooledDown, listRuleDevices, type ObservedDevice, observeDevices } from '../device-store.ts';
import {
  type DeviceScan,
  defineRuleKind,
  type EnvironmentLimits,
  type Judgement,
  type Moment,
  type Track,
} from '../kind.ts';
import { toObservation } from '../observation-store.ts';
import { compare, durationWords, wordsOfComparison, wordsOfMetric } from '../words.ts';

const schema = Type.Object(
  {
    metric: Type.String({
      minLength: 1,
      maxLength: 128,
      title: 'Metric',
      description: `A number of the heartbeat: ${heartbeatMetrics.join(', ')}, or a name in its metrics{}.`,
    }),
    condition: Type.Object(
      {
        operator: Type.Enum([...comparisons], { title: 'Operator' }),
        threshold: Type.Union([Type.Number(), Type.Null()], {
          title: 'Threshold',
          description:
            "In the metric's own unit. Empty follows the environment (SYNC_LAG_WARN_SECONDS, CPU_USAGE_THRESHOLD, ...).",
        }),
        duration: Type.Number({
          minimum: 0,
          maximum: 1440,
          default: 0,
          title: 'For at least (minutes)',
          description: '0 fires on the first value that meets the condition.',
        }),
      },
      { additionalProperties: false, title: 'Condition' },
    ),
  },
  { additionalProperties: false },
);

type Config = Static<typeof schema>;

interface Reading {
  readonly value: number | null;
  readonly at: Date;
}

/** A value older than the silence limit says nothing about now. */
export function evaluateThreshold(
  config: Config,
  data: Reading,
  moment: Moment,
  pendingSince: Date | null,
): Judgement {
  const { operator, threshold, duration } = config.condition;
  const { label, format } = wordsOfMetric(config.metric);
  const age = (moment.now.getTime() - data.at.getTime()) / 1000;
  const details = {
    metric: config.metric,
    value: data.value,
    operator,
    threshold,
    duration_minutes: duration,
    at: data.at.toISOString(),
  };
  const judged = (verdict: Judgement['verdict'], why: string): Judgement => ({
    verdict,
    value: data.value,
    why,
    details,
  });
  if (data.value === null || threshold === null) return judged('unknown', `${label} is not reported.`);
  const reading = `${label} is ${format(data.value)}`;
  if (age > moment.limits.offlineSeconds)
    return judged('unknown', `${reading}, but that is ${durationWords(age)} old.`);
  const bound = `${wordsOfComparison(operator)} ${format(threshold)}`;
  if (!compare(data.value, operator, threshold))
    return judged('ok', `${reading}; the rule asks for ${bound}.`);
  if (duration === 0) return judged('firing', `${reading}; the limit is ${bound}.`);
  const heldSeconds = pendingSince === null ? 0 : (moment.now.getTime() - pendingSince.getTime()) / 1000;
  if (heldSeconds < duration * 60)
    return judged(
      'pending',
      `${reading} for ${durationWords(heldSeconds)}; the rule waits for ${durationWords(duration * 60)}.`,
    );
  return judged(
    'firing',
    `${reading}, ${bound} for ${durationWords(heldSeconds)}; the rule waits for ${durationWords(duration * 60)}.`,
  );
}

export function isHeartbeatMetric(metric: string): metric is HeartbeatMetric {
  return (heartbeatMetrics as readonly string[]).includes(metric);
}

function readingOf(row: ObservedDevice, metric: string): number | null {
  const value = isHeartbeatMetric(metric) ? row[metric] : row.metrics?.[metric];
  return typeof value === 'number' ? value : null;
}

/** Safe because a config reaches the database only through registry.ts `parseConfig` with the schema above. */
function metricOf(config: object): string {
  return (config as Config).metric;
}

/** Nothing was heard for longer than a limit: whether the condition held meanwhile, nobody knows. */
function hadGap(row: ObservedDevice, moment: Moment): boolean {
  if (row.pending_seen_at === null) return false;
  return row.last_seen_at.getTime() - row.pending_seen_at.getTime() > moment.limits.offlineSeconds * 1000;
}

/** Beyond this many distinct (metric, operator) pairs the scan takes every row instead of growing its filter. */
const conditionsMax = 64;

interface Bound {
  metric: string;
  operator: Comparison;
  low: number | null;
  high: number | null;
  organization_ids: string[];
}

const thresholdOf = (limits: EnvironmentLimits) =>
  sql`coalesce((config#>>'{condition,threshold}')::float8, (${JSON.stringify(limits.thresholds)}::jsonb->>(config->>'metric'))::float8)`;

/** The loosest condition per metric and operator over all organizations: what no rule can miss. */
async function readBounds(tx: Tx, limits: EnvironmentLimits): Promise<Bound[]> {
  const { rows } = await sql<Bound>`
    select config->>'metric' as metric, config#>>'{condition,operator}' as operator,
      min(${thresholdOf(limits)}) as low, max(${thresholdOf(limits)}) as high,
      case when config->>'metric' = any(${[...heartbeatMetrics]}) then '{}' else array_agg(distinct organization_id) end as organization_ids
    from rules where kind = 'threshold' and enabled group by 1, 2`.execute(tx);
  return rows;
}

function numberIn(metric: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case when jsonb_typeof(ds.metrics->${metric}) = 'number' then (ds.metrics->>${metric})::float8 end`;
}

function mayMeet(bound: Bound): RawBuilder<unknown> {
  const standard = isHeartbeatMetric(bound.metric);
  const value = standard ? sql.ref(`ds.${bound.metric}`) : numberIn(sql`${bound.metric}::text`);
  const scope = standard
    ? sql`true`
    : sql`ds.organization_id = any(${bound.organization_ids}::uuid[]) and ds.metrics is not null`;
  if (bound.low === null || bound.high === null) return sql`false`;
  if (bound.operator === '>') return sql`(${scope} and ${value} > ${bound.low})`;
  if (bound.operator === '>=') return sql`(${scope} and ${value} >= ${bound.low})`;
  if (bound.operator === '<') return sql`(${scope} and ${value} < ${bound.high})`;
  if (bound.operator === '<=') return sql`(${scope} and ${value} <= ${bound.high})`;
  return sql`(${scope} and ${value} is not null)`;
}

const valueOfRule = sql`case r.metric ${sql.join(
  heartbeatMetrics.map((metric) => sql`when ${sql.lit(metric)} then ds.${sql.ref(metric)}`),
  sql` `,
)} else ${numberIn(sql`r.metric`)} end`;

const meets = sql`case r.operator when '>' then v.value > r.threshold when '>=' then v.value >= r.threshold
  when '<' then v.value < r.threshold when '<=' then v.value <= r.threshold
  when '==' then v.value = r.threshold else v.value <> r.threshold end`;

/** Arrivals judge thresholds within a second; this is the net below them and the clock of `duration`. */
async function scan(tx: Tx, moment: Moment, limit: number): Promise<DeviceScan | null> {
  const bounds = await readBounds(tx, moment.limits);
  if (bounds.length === 0) return null;
  const { now } = moment;
  const fresh = new Date(now.getTime() - moment.limits.offlineSeconds * 1000);
  const loosest = bounds.length > conditionsMax ? sql`true` : sql.join(bounds.map(mayMeet), sql` or `);
  return {
    filter: sql`(${loosest}) and ds.last_seen_at >= ${fresh}`,
    found: sql`
      with r as materialized (
        select *, config->>'metric' as metric, config#>>'{condition,operator}' as operator,
          ${thresholdOf(moment.limits)} as threshold
        from rules where kind = 'threshold' and enabled
      ), met as (
        select ds.device_id from hot ds
        join r on r.organization_id = ds.organization_id and (r.site_id is null or r.site_id = ds.site_id)
        cross join lateral (select ${valueOfRule} as value) v
        left join alerts a on a.rule_id = r.id and a.device_id = ds.device_id and a.status <> 'resolved'
        where ds.last_seen_at >= ${fresh} and ${meets} and a.id is null and ${cooledDown(now)} limit ${limit}
      ), over as (
        select ds.device_id from alerts a join r on r.id = a.rule_id join device_state ds on ds.device_id = a.device_id
        cross join lateral (select ${valueOfRule} as value) v
        where a.status <> 'resolved' and r.auto_resolve and ds.last_seen_at >= ${fresh} and not ${meets} limit ${limit}
      )
      select device_id from met union select device_id from over
      union (select device_id from rule_pending limit ${limit})`,
  };
}

const replayDevicesMax = 200;

export const threshold = defineRuleKind({
  kind: 'threshold',
  label: 'Threshold',
  help: 'Compares one number of the heartbeat with a limit, on arrival. With a duration it fires once the condition has held that long; a gap in the data starts the time anew.',
  schema,
  fixture: { metric: 'sync_lag_sec', condition: { operator: '>', threshold: 90, duration: 5 } },
  subjects: ['device'],
  wakesOn: 'heartbeats',
  restsOnSilence: false,
  deviceStatus: null,
  resolve: (config, limits) => ({
    ...config,
    condition: {
      ...config.condition,
      threshold: config.condition.threshold ?? limits.thresholds[config.metric] ?? null,
    },
  }),
  check: ({ metric, condition }) =>
    condition.threshold === null && !isHeartbeatMetric(metric)
      ? [{ field: 'condition.threshold', message: 'is needed: the environment has no limit for this metric' }]
      : [],
  describe({ metric, condition: { operator, threshold: limit, duration } }) {
    const { label, format } = wordsOfMetric(metric);
    const held = duration === 0 ? '' : ` for ${durationWords(duration * 60)}`;
    return `${label.charAt(0).toLowerCase()}${label.slice(1)} ${operator} ${limit === null ? 'the limit of the environment' : format(limit)}${held}`;
  },
  title({ metric, condition }, subject) {
    const word = condition.operator.startsWith('>')
      ? 'is high'
      : condition.operator.startsWith('<')
        ? 'is low'
        : 'needs a look';
    return `${wordsOfMetric(metric).label} ${word} on ${subject.name}`;
  },
  scan,
  async observe(tx, moment, focus) {
    const rows = await observeDevices(tx, 'threshold', focus.deviceIds ?? []);
    return rows.map((row) => {
      const data = { value: readingOf(row, metricOf(row.config)), at: row.last_seen_at };
      const observation = toObservation<Reading>(row, data);
      return { ...observation, pendingSince: hadGap(row, moment) ? moment.now : row.pending_since };
    });
  },
  evaluate: evaluateThreshold,
  async replay(tx, rule, span) {
    const { devices, total } = await listRuleDevices(tx, rule, replayDevicesMax);
    const tracks: Track<Reading>[] = [];
    for (const device of devices) {
      if (span.isSpent()) break;
      const series = await readHeartbeatSeries(tx, {
        organizationId: rule.organizationId,
        deviceId: device.id,
        from: span.from,
        to: span.to,
      });
      const points = series.map((beat) => {
        const value = isHeartbeatMetric(rule.config.metric)
          ? beat[rule.config.metric]
          : beat.metrics?.[rule.config.metric];
        return {
          at: beat.at,
          watch: { watchingSince: span.from, intakeUp: true },
          data: { value: value ?? null, at: beat.at },
        };
      });
      tracks.push({ subject: { kind: 'device', ...device }, points });
    }
    return { tracks, subjectsTotal: total, notes: [] };
  },
});
