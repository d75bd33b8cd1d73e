import { comparisons, heartbeatMetrics } from '@watchkeeper/contracts';
import { durationWords } from '@watchkeeper/contracts/figures';
import { sql } from 'kysely';
import Type, { type Static } from 'typebox';
import { readHeartbeatSeries } from '#modules/telemetry';
import { scanThresholds } from '../detection/threshold-scan-store.ts';
import type { Judgement, Moment } from '../judgement.ts';
import { defineRuleKind } from '../kind.ts';
import { listRuleDevices, type ObservedDevice, observeDevices } from '../observing/device-store.ts';
import { isHeartbeatMetric, metricValue } from '../observing/heartbeat-metric.ts';
import { toObservation } from '../observing/observation-store.ts';
import { watchesDevice } from '../observing/watching.ts';
import type { Track } from '../replay.ts';
import {
  besideLimit,
  compare,
  labelsOfComparisons,
  wordsOfAsked,
  wordsOfComparison,
  wordsOfLimit,
  wordsOfMetric,
  wordsOfVerdict,
} from '../words.ts';

const schema = Type.Object(
  {
    metric: Type.String({
      minLength: 1,
      maxLength: 128,
      title: 'Metric',
      description: 'A number of the heartbeat, or a name in its metrics{}.',
      examples: [...heartbeatMetrics],
    }),
    condition: Type.Object(
      {
        operator: Type.Enum([...comparisons], { title: 'Is', labels: labelsOfComparisons, default: '>' }),
        threshold: Type.Union([Type.Number(), Type.Null()], {
          title: 'Threshold',
          description:
            "In the metric's own unit. Empty follows the environment (SYNC_LAG_WARN_SECONDS, CPU_USAGE_THRESHOLD, ...).",
        }),
        duration: Type.Number({
          minimum: 0,
          maximum: 1440,
          default: 0,
          unit: 'min',
          title: 'For at least',
          description: 'Empty or 0 fires on the first value that meets the condition.',
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

/** A value older than the silence limit does not describe the present. */
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
  const said = besideLimit(data.value, threshold, format);
  const reading = `${label} is ${said.value}`;
  if (age > moment.limits.offlineSeconds)
    return judged('unknown', `${reading}, but that is ${durationWords(age)} old.`);
  if (!compare(data.value, operator, threshold))
    return judged('ok', `${reading}; ${wordsOfAsked(operator, said.limit)}.`);
  if (duration === 0) return judged('firing', `${reading}; ${wordsOfLimit(operator, said.limit)}.`);
  const heldSeconds = pendingSince === null ? 0 : (moment.now.getTime() - pendingSince.getTime()) / 1000;
  if (heldSeconds < duration * 60)
    return judged(
      'pending',
      `${reading} for ${durationWords(heldSeconds)}; the rule waits for ${durationWords(duration * 60)}.`,
    );
  return judged(
    'firing',
    `${reading}, ${wordsOfComparison(operator, said.limit)} for ${durationWords(heldSeconds)}; the rule waits for ${durationWords(duration * 60)}.`,
  );
}

/** Safe because a config reaches the database only through registry.ts `parseConfig` with the schema above. */
function metricOf(config: object): string {
  return (config as Config).metric;
}

/** Nothing was heard for longer than the limit. We cannot know whether the condition held during that time. */
function hadGap(row: ObservedDevice, moment: Moment): boolean {
  if (row.pending_seen_at === null) return false;
  return row.last_seen_at.getTime() - row.pending_seen_at.getTime() > moment.limits.offlineSeconds * 1000;
}

const replayDevicesMax = 200;

export const threshold = defineRuleKind({
  kind: 'threshold',
  label: 'Threshold',
  help: 'Compares one number of the heartbeat with a limit, on arrival. With a duration, it fires when the condition has held for that long. A gap in the data starts the time again.',
  schema,
  fixture: { metric: 'sync_lag_sec', condition: { operator: '>', threshold: 90, duration: 5 } },
  subjects: ['device'],
  wakesOn: 'heartbeats',
  restsOnSilence: false,
  deviceStatus: null,
  watches: sql`${watchesDevice} and a.details->>'metric' = r.config->>'metric'`,
  signal: (config) => ({
    label: wordsOfMetric(config.metric).label,
    unit: wordsOfMetric(config.metric).unit,
    limit: config.condition.threshold,
    side: config.condition.operator.startsWith('<') ? 'below' : 'above',
  }),
  resolve: (config, limits) => ({
    ...config,
    condition: {
      ...config.condition,
      threshold: config.condition.threshold ?? limits.thresholds[config.metric] ?? null,
    },
  }),
  // The duration is left out: a condition that has held for seven minutes has also held for five.
  awaits: ({ metric, condition: { operator, threshold } }) => [metric, operator, threshold].join(' '),
  check: ({ metric, condition }) =>
    condition.threshold === null && !isHeartbeatMetric(metric)
      ? [{ field: 'condition.threshold', message: 'is needed: the environment has no limit for this metric' }]
      : [],
  describe({ metric, condition: { operator, threshold: limit, duration } }) {
    const { inSentence, format } = wordsOfMetric(metric);
    const held = duration === 0 ? '' : ` for ${durationWords(duration * 60)}`;
    return `${inSentence} ${operator} ${limit === null ? 'the limit of the environment' : format(limit)}${held}`;
  },
  title({ metric, condition }, subject) {
    return `${wordsOfMetric(metric).label} ${wordsOfVerdict(condition.operator)} on ${subject.name}`;
  },
  scan: scanThresholds,
  async observe(tx, moment, focus) {
    const rows = await observeDevices(tx, 'threshold', focus.deviceIds ?? []);
    return rows.map((row) => {
      const data = { value: metricValue(metricOf(row.config), row, row.metrics), at: row.last_seen_at };
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
        return {
          at: beat.at,
          watch: { watchingSince: span.from, intakeUp: true },
          data: { value: metricValue(rule.config.metric, beat, beat.metrics), at: beat.at },
        };
      });
      tracks.push({ subject: { kind: 'device', ...device }, points });
    }
    return { tracks, subjectsTotal: total, notes: [] };
  },
});
