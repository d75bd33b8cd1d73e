import { durationWords, numberWords } from '@watchkeeper/contracts/figures';
import { sql } from 'kysely';
import Type, { type Static } from 'typebox';
import { eventCountRows } from '#modules/telemetry';
import type { Judgement } from '../judgement.ts';
import { defineRuleKind } from '../kind.ts';
import { type EventMinute, replayEvents } from '../observing/event-store.ts';
import {
  countEvents,
  countedSubject,
  countedSubjectColumns,
  countedSubjectExists,
  countedSubjectJoins,
  joinOpenAlert,
  lastResolvedAt,
  type ObservedRow,
  ruleColumns,
  toObservation,
} from '../observing/observation-store.ts';
import { watchesCounted } from '../observing/watching.ts';
import { capitalized, wordsOfEvent } from '../words.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A place that has sent events for this long, but (almost) none of this type, is known to have none of this type. */
const establishedMs = dayMs;

const schema = Type.Object(
  {
    event_type: Type.String({
      minLength: 1,
      maxLength: 64,
      title: 'Event',
      description: 'The type of event that is counted.',
      examples: ['refund', 'receipt.reprint', 'sale', 'login'],
    }),
    outcome: Type.Enum(['any', 'failure', 'success'], {
      default: 'any',
      title: 'Counted outcome',
      labels: { failure: 'failures', success: 'successes' },
    }),
    factor: Type.Number({ minimum: 1, maximum: 1000, default: 3, title: 'Times the median', unit: 'x' }),
    window_minutes: Type.Integer({ minimum: 1, maximum: 1440, default: 60, title: 'Within', unit: 'min' }),
    baseline_days: Type.Integer({
      minimum: 1,
      maximum: 30,
      default: 7,
      title: 'Baseline',
      unit: 'd',
      description:
        'The median per hour over this many days before the window, scaled to the window. Only clock hours with at least one such event count.',
    }),
    minimum_baseline_hours: Type.Integer({
      minimum: 1,
      maximum: 168,
      default: 3,
      title: 'Baseline hours needed',
      unit: 'hours',
      description:
        'With fewer such hours the median counts as 0 where events have come in for a day or longer; else nothing is judged.',
    }),
    minimum_samples: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      default: 5,
      title: 'Minimum samples',
      unit: 'events',
      description: 'With fewer events in the window, the rule does not fire.',
    }),
    per: Type.Enum(['site', 'device', 'organization'], {
      default: 'site',
      title: 'Counted per',
      labels: { organization: 'whole organization' },
    }),
  },
  { additionalProperties: false },
);

type Config = Static<typeof schema>;

export interface Spike {
  readonly count: number;
  /** Clock hours of the baseline with at least one event. */
  readonly hours: number;
  /** Over those hours; null when there are no such hours. */
  readonly median: number | null;
  /** Whether events of any type were known here a day ago. */
  readonly established: boolean;
}

/** The usual number: per clock hour, and in a span as long as the window. */
function usualOf(config: Config, data: Spike): { enough: boolean; hourly: number; usual: number } {
  const enough = data.hours >= config.minimum_baseline_hours && data.median !== null;
  const hourly = enough ? (data.median ?? 0) : 0;
  return { enough, hourly, usual: (hourly * config.window_minutes) / 60 };
}

export function evaluateSpike(config: Config, data: Spike): Judgement {
  const { enough, hourly, usual } = usualOf(config, data);
  const limit = config.factor * usual;
  const many = wordsOfEvent(config.event_type)[1];
  const details = {
    event_type: config.event_type,
    count: data.count,
    median_per_hour: hourly,
    limit,
    factor: config.factor,
    window_minutes: config.window_minutes,
    baseline_days: config.baseline_days,
    baseline_hours: data.hours,
    minimum_samples: config.minimum_samples,
  };
  const judged = (verdict: Judgement['verdict'], why: string): Judgement => ({
    verdict,
    value: data.count,
    why,
    details,
  });
  const reading = `${data.count} ${data.count === 1 ? wordsOfEvent(config.event_type)[0] : many} in the last ${durationWords(config.window_minutes * 60)}`;
  const span = `the ${config.baseline_days} days before`;
  if (!enough && !data.established) {
    return judged(
      'unknown',
      `${reading}; only ${data.hours} hours with ${many} are known from ${span}, ${config.minimum_baseline_hours} are needed to judge.`,
    );
  }
  const baseline = enough
    ? `the median of ${data.hours} hours with ${many} in ${span} is ${numberWords(hourly)} per hour`
    : `${span} had ${data.hours === 0 ? 'none' : `only ${data.hours} ${data.hours === 1 ? 'hour' : 'hours'} with any`}`;
  const firing = data.count >= config.minimum_samples && data.count > limit;
  return judged(
    firing ? 'firing' : 'ok',
    `${reading}; ${baseline}, the limit is ${numberWords(config.factor)} times that (and at least ${config.minimum_samples}).`,
  );
}

export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** The whole clock hours that end before the window begins. */
export function baselineSpan(config: Config, now: number): { from: number; to: number } {
  const to = Math.floor((now - config.window_minutes * 60_000) / hourMs) * hourMs;
  return { from: to - config.baseline_days * dayMs, to };
}

function countOf(config: Config, minute: Pick<EventMinute, 'successes' | 'failures'>): number {
  if (config.outcome === 'failure') return minute.failures;
  return config.outcome === 'success' ? minute.successes : minute.successes + minute.failures;
}

/** Counts per clock hour, to compute the median of any past moment. */
function hourlyCounts(config: Config, minutes: readonly EventMinute[]): Map<number, number> {
  const hours = new Map<number, number>();
  for (const minute of minutes) {
    const hour = Math.floor(minute.at / hourMs) * hourMs;
    hours.set(hour, (hours.get(hour) ?? 0) + countOf(config, minute));
  }
  return hours;
}

export const spike = defineRuleKind({
  kind: 'spike',
  label: 'Spike',
  help: 'Fires when there are several times as many events as usual. "Usual" is the median of the hours with events in the baseline days. A minimum count prevents alerts for rare events.',
  schema,
  fixture: {
    event_type: 'refund',
    outcome: 'any',
    factor: 3,
    window_minutes: 60,
    baseline_days: 7,
    minimum_baseline_hours: 3,
    minimum_samples: 5,
    per: 'site',
  },
  subjects: ['site', 'device', 'organization'],
  wakesOn: 'events',
  restsOnSilence: false,
  deviceStatus: null,
  watches: watchesCounted,
  windowMinutes: (config) => config.window_minutes,
  // The median moves with the baseline, so a chart cannot draw one line.
  signal: (config) => ({
    label: `${capitalized(wordsOfEvent(config.event_type)[1])} in ${durationWords(config.window_minutes * 60)}`,
    unit: '',
    limit: null,
    side: 'above',
    beside: 'Usual (median)',
    contextMinutes: 3 * config.window_minutes,
  }),
  resolve: (config) => config,
  describe(config) {
    const many = wordsOfEvent(config.event_type)[1];
    return `${many} > ${numberWords(config.factor)} x median in ${durationWords(config.window_minutes * 60)} (at least ${config.minimum_samples}; median of ${config.baseline_days} days)`;
  },
  title: (config, subject) => `${capitalized(wordsOfEvent(config.event_type)[1])} spike at ${subject.name}`,
  async observe(tx, moment, focus) {
    const { rows } = await sql<ObservedRow & Spike>`
      with ${countEvents('spike', moment.now, focus)},
      weighed as (
        select c.*, case r.outcome when 'failure' then c.failures when 'success' then c.successes else c.successes + c.failures end as count,
          date_trunc('hour', ${moment.now}::timestamptz - make_interval(secs => r.window_s)) as base_to,
          make_interval(days => (r.config->>'baseline_days')::int) as base_span
        from counted c join r on r.id = c.rule_id
      )
      select ${ruleColumns}, ${countedSubjectColumns}, a.id as alert_id, ${lastResolvedAt(countedSubject)} as last_resolved_at,
        c.count, b.hours::int as hours, b.median, b.hours >= (r.config->>'minimum_baseline_hours')::float8 or exists (
          select from ${eventCountRows} e where e.organization_id = r.organization_id
            and (r.per = 'organization' or e.site_id = c.site_id) and e.bucket >= c.base_to - c.base_span
            and e.bucket <= ${moment.now}::timestamptz - make_interval(secs => ${establishedMs / 1000})) as established
      from weighed c join r on r.id = c.rule_id ${countedSubjectJoins} ${joinOpenAlert(countedSubject)}
      cross join lateral (
        select count(*) as hours, percentile_cont(0.5) within group (order by h.count) as median
        from (
          select sum(case r.outcome when 'failure' then e.failures when 'success' then e.successes else e.successes + e.failures end) as count
          from ${eventCountRows} e
          where e.organization_id = r.organization_id and e.type = r.event_type
            and e.bucket >= c.base_to - c.base_span and e.bucket < c.base_to
            and (r.per = 'organization' or e.site_id = c.site_id) and (r.per <> 'device' or e.device_id = c.device_id)
            and (r.site_id is null or e.site_id = r.site_id)
          group by date_trunc('hour', e.bucket)
        ) h where h.count > 0
      ) b
      where (c.count >= r.minimum_samples or a.id is not null) and ${countedSubjectExists}`.execute(tx);
    return rows.map((row) =>
      toObservation<Spike>(row, {
        count: row.count,
        hours: row.hours,
        median: row.median,
        established: row.established,
      }),
    );
  },
  evaluate: (config, data) => evaluateSpike(config, data),
  reading(config, data) {
    const { usual } = usualOf(config, data);
    return { limit: Math.max(config.factor * usual, config.minimum_samples), beside: usual };
  },
  replay: (tx, rule, span) =>
    replayEvents<Spike>(
      tx,
      rule,
      span,
      {
        eventType: rule.config.event_type,
        per: rule.config.per,
        windowMs: rule.config.window_minutes * 60_000,
        lookBackMs: rule.config.baseline_days * dayMs + hourMs,
      },
      ({ minutes }) => {
        const hours = hourlyCounts(rule.config, minutes);
        const first = minutes[0]?.at ?? Number.POSITIVE_INFINITY;
        return (at, sliding) => {
          const { from, to } = baselineSpan(rule.config, at);
          const counts = [...hours]
            .filter(([hour, count]) => hour >= from && hour < to && count > 0)
            .map(([, count]) => count);
          return {
            count: countOf(rule.config, sliding),
            hours: counts.length,
            median: median(counts),
            established: first <= at - establishedMs,
          };
        };
      },
    ),
});
