import { comparisons } from '@watchkeeper/contracts';
import { durationWords, numberWords } from '@watchkeeper/contracts/figures';
import { sql } from 'kysely';
import Type, { type Static } from 'typebox';
import type { Tx } from '#platform/db/database';
import type { Judgement } from '../judgement.ts';
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
  countWords,
  type Format,
  labelsOfComparisons,
  wordsOfAsked,
  wordsOfLimit,
  wordsOfMetric,
  wordsOfVerdict,
} from '../words.ts';

const schema = Type.Object(
  {
    ...seriesFields,
    metric: {
      ...seriesFields.metric,
      title: 'Counter',
      description:
        'The name of a measurement that only grows, such as requests or errors since the start. Empty: every measurement of the type or category below.',
      examples: ['requests_total', 'errors_total', 'messages_processed'],
    },
    condition: Type.Object(
      {
        operator: Type.Enum([...comparisons], {
          title: 'Grows by',
          labels: labelsOfComparisons,
          default: '>',
        }),
        threshold: Type.Number({
          title: 'Threshold',
          description: 'How much the counter grows in that time.',
        }),
      },
      { additionalProperties: false, title: 'Condition' },
    ),
    per: Type.Enum(['second', 'minute', 'hour'], {
      default: 'minute',
      title: 'Each',
      labels: { second: 'second', minute: 'minute', hour: 'hour' },
    }),
    window_minutes: Type.Integer({
      minimum: 1,
      maximum: 1440,
      default: 15,
      title: 'Over the last',
      unit: 'min',
      description: 'The rule judges only when at least half of it was measured.',
    }),
  },
  { additionalProperties: false },
);

type Config = Omit<Static<typeof schema>, keyof SeriesConfig> & SeriesConfig;

/**
 * A count older than this does not describe the present. A count up to this long before the window may serve as the
 * beginning of the window.
 */
const freshSeconds = 900;
/** The most subjects that one rule judges: a source that makes up endpoints must not fill the inbox. */
const subjectsMax = 500;
const unitSeconds = { second: 1, minute: 60, hour: 3600 } as const;

export interface Growth {
  readonly metric: string;
  readonly type: string;
  readonly category: string;
  readonly unit: string;
  readonly source: string;
  readonly endpoint: string | null;
  /** The sum of the growth from each count to the next; a counter that was reset counts from zero. */
  readonly grown: number;
  readonly resets: number;
  /** The first and the last count that the sum was computed from. */
  readonly since: Date;
  readonly at: Date;
}

export function evaluateCounterRate(config: Config, data: Growth, now: Date): Judgement {
  const { operator, threshold } = config.condition;
  const { label, format } = wordsOfMetric(data.metric, data.unit);
  const seconds = (data.at.getTime() - data.since.getTime()) / 1000;
  const rate = seconds > 0 ? (data.grown / seconds) * unitSeconds[config.per] : null;
  const details = {
    metric: data.metric,
    metric_type: data.type,
    metric_category: data.category,
    source: data.source,
    endpoint: data.endpoint,
    value: rate === null ? null : Math.round(rate * 1000) / 1000,
    operator,
    threshold,
    per: config.per,
    grown: data.grown,
    resets: data.resets,
    since_at: data.since.toISOString(),
    at: data.at.toISOString(),
    window_minutes: config.window_minutes,
  };
  const judged = (verdict: Judgement['verdict'], why: string): Judgement => ({
    verdict,
    value: rate,
    why,
    details,
  });
  const age = (now.getTime() - data.at.getTime()) / 1000;
  if (age > freshSeconds) return judged('unknown', `${label} was last counted ${durationWords(age)} ago.`);
  const windowSeconds = config.window_minutes * 60;
  if (rate === null || seconds < windowSeconds / 2) {
    return judged(
      'unknown',
      `${label} has been counted for ${durationWords(seconds)}; half of ${durationWords(windowSeconds)} is needed to judge.`,
    );
  }
  const each: Format = (value, detail) => `${numberWords(value, detail)} a ${config.per}`;
  const said = besideLimit(rate, threshold, each);
  const anew =
    data.resets === 0 ? '' : ` and started again from zero ${countWords(data.resets, 'time', 'times')}`;
  const reading = `${label} grew by ${format(data.grown)} in ${durationWords(seconds)}${anew}: ${said.value}`;
  return compare(rate, operator, threshold)
    ? judged('firing', `${reading}; ${wordsOfLimit(operator, said.limit)}.`)
    : judged('ok', `${reading}; ${wordsOfAsked(operator, said.limit)}.`);
}

interface GrowthRow extends ObservedRow, SeriesRow {
  grown: number;
  resets: number;
  since: Date;
  at: Date;
}

const subject = sql`'metric:' || g.subject_id`;
const meets = sql`case r.operator when '>' then g.rate > r.threshold when '>=' then g.rate >= r.threshold
  when '<' then g.rate < r.threshold when '<=' then g.rate <= r.threshold
  when '==' then g.rate = r.threshold else g.rate <> r.threshold end`;

export const counterRate = defineRuleKind({
  kind: 'counter_rate',
  label: 'Growth of a counter',
  help: 'Fires when a measurement that only grows (requests, errors, messages since a start) grows too fast or too slowly, each series separately. A counter that restarts counts from zero. A gap in the measurements changes nothing.',
  schema,
  fixture: {
    metric: 'errors_total',
    metric_type: null,
    metric_category: null,
    source: null,
    endpoint: null,
    condition: { operator: '>', threshold: 10 },
    per: 'minute',
    window_minutes: 15,
  },
  subjects: ['metric'],
  wakesOn: 'metrics',
  restsOnSilence: false,
  deviceStatus: null,
  watches: watchesSeries,
  resolve: (config) => config,
  check: checkSeries,
  signal: (config) => ({
    label: `Growth of ${wordsOfSeries(config)} a ${config.per}`,
    unit: '',
    limit: config.condition.threshold,
    side: config.condition.operator.startsWith('<') ? 'below' : 'above',
    contextMinutes: 3 * config.window_minutes,
  }),
  describe(config) {
    const { operator, threshold } = config.condition;
    const window = durationWords(config.window_minutes * 60);
    return `${wordsOfSeries(config)}${wordsOfPlace(config)} grows ${operator} ${numberWords(threshold)} a ${config.per} over ${window}`;
  },
  title: (config, { name: whose }) =>
    `Growth of ${wordsOfSeries(config)} ${wordsOfVerdict(config.condition.operator)}: ${whose}`,
  async observe(tx, { now }, focus) {
    const counts = sql`s.before is not null and s.at > ${now}::timestamptz - make_interval(secs => r.window_s)`;
    const { rows } = await sql<GrowthRow>`
      with r as materialized (
        select *, ${seriesColumns}, config#>>'{condition,operator}' as operator,
          (config#>>'{condition,threshold}')::float8 as threshold, (config->>'window_minutes')::float8 * 60 as window_s,
          (config->>'window_minutes')::float8 * 60 + ${freshSeconds} as look_s,
          case config->>'per' when 'second' then 1 when 'hour' then 3600 else 60 end as unit_s
        from rules where kind = 'counter_rate' and enabled ${onlyRules(focus)}
      ), m as (${seriesPoints(now)}), s as materialized (
        select *, lag(value) over w as before, lag(at) over w as before_at from m
        window w as (partition by rule_id, subject_id order by at, value)
      ), grown as (
        select s.rule_id, s.subject_id, max(s.subject_name) as subject_name, max(s.metric_name) as metric_name,
          (array_agg(s.metric_type order by s.at desc))[1] as metric_type,
          (array_agg(s.metric_category order by s.at desc))[1] as metric_category, (array_agg(s.unit order by s.at desc))[1] as unit, max(s.source) as source, max(s.endpoint) as endpoint,
          (array_agg(s.site_id order by s.at desc))[1] as site_id, max(s.at) as at, min(s.before_at) as since,
          sum(case when s.value >= s.before then s.value - s.before else greatest(s.value, 0) end) as grown,
          (count(*) filter (where s.value < s.before))::int as resets, max(r.unit_s) as unit_s
        from s join r on r.id = s.rule_id where ${counts} group by 1, 2
      ), g as (
        select *, grown / extract(epoch from at - since)::float8 * unit_s as rate,
          row_number() over (partition by rule_id order by grown desc) as n
        from grown where at > since
      )
      select ${ruleColumns}, 'metric' as subject_kind, g.subject_id, g.subject_name, g.site_id, null::uuid as device_id,
        null::text as device_status, null::timestamptz as pending_since, a.id as alert_id,
        ${lastResolvedAt(subject)} as last_resolved_at, g.metric_name, g.metric_type, g.metric_category, g.unit, g.source, g.endpoint, g.grown, g.resets,
        g.since, g.at
      from g join r on r.id = g.rule_id ${joinOpenAlert(subject)}
      where (${meets} and g.n <= ${subjectsMax}) or a.id is not null`.execute(tx);
    return rows.map((row) =>
      toObservation<Growth>(row, {
        metric: row.metric_name,
        type: row.metric_type,
        category: row.metric_category,
        unit: row.unit,
        source: row.source,
        endpoint: row.endpoint,
        grown: row.grown,
        resets: row.resets,
        since: row.since,
        at: row.at,
      }),
    );
  },
  evaluate: (config, data, moment) => evaluateCounterRate(config, data, moment.now),
  replay: replayCounters,
});

const pointsMax = 100_000;

async function replayCounters(
  tx: Tx,
  rule: ReplayedRule & { config: Config },
  span: ReplaySpan,
): Promise<Replay<Growth>> {
  const windowMs = rule.config.window_minutes * 60_000;
  const { rows } = await pastPoints(rule, span, pointsMax).execute(tx);
  const tracks = [...Map.groupBy(rows, (row) => row.subject_id)].map(([id, points]) => ({
    subject: { kind: 'metric' as const, id, name: points[0]?.subject_name ?? '' },
    points: growthOf(points, windowMs).map((data) => ({
      at: data.at,
      watch: { watchingSince: data.at, intakeUp: true },
      data,
    })),
  }));
  const notes =
    rows.length === pointsMax
      ? ['There are more measurements than one backtest reads; the last ones are not counted.']
      : [];
  return { tracks, subjectsTotal: tracks.length, notes };
}

type Count = Omit<PointRow, 'subject_id' | 'subject_name'>;

/** At each count, how much the counter grew within the window before it. `counts` are in order of time. */
export function growthOf(counts: readonly Count[], windowMs: number): Growth[] {
  let sum = 0;
  let resets = 0;
  const sums = counts.map(({ value }, index) => {
    const before = counts[index - 1]?.value;
    if (before !== undefined) {
      sum += value >= before ? value - before : Math.max(value, 0);
      if (value < before) resets += 1;
    }
    return { sum, resets };
  });
  let first = 0;
  return counts.flatMap((count, index) => {
    const begin = count.at.getTime() - windowMs;
    // Start at the last count at or before the beginning of the window. If that one is too old, start at the first
    // count inside.
    while (first < index && (counts[first + 1]?.at.getTime() ?? Number.POSITIVE_INFINITY) <= begin)
      first += 1;
    const isTooOld = (counts[first]?.at.getTime() ?? 0) <= begin - freshSeconds * 1000;
    const from = isTooOld ? first + 1 : first;
    const [start, since, end] = [sums[from], counts[from]?.at, sums[index]];
    if (start === undefined || since === undefined || end === undefined || from >= index) return [];
    return [
      {
        metric: count.metric_name,
        type: count.metric_type,
        category: count.metric_category,
        unit: count.unit,
        source: count.source,
        endpoint: count.endpoint,
        grown: end.sum - start.sum,
        resets: end.resets - start.resets,
        since,
        at: count.at,
      },
    ];
  });
}
