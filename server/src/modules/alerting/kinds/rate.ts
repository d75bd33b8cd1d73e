import { durationWords, numberWords } from '@watchkeeper/contracts/figures';
import { sql } from 'kysely';
import Type, { type Static } from 'typebox';
import type { Judgement } from '../judgement.ts';
import { defineRuleKind } from '../kind.ts';
import { replayEvents } from '../observing/event-store.ts';
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
import {
  besideLimit,
  capitalized,
  compare,
  labelsOfComparisons,
  wordsOfAsked,
  wordsOfEvent,
  wordsOfLimit,
} from '../words.ts';

const schema = Type.Object(
  {
    event_type: Type.String({
      minLength: 1,
      maxLength: 64,
      title: 'Event',
      description: 'The type of event that is counted.',
      examples: ['gate.redemption', 'webhook.delivery', 'login', 'http.request'],
    }),
    outcome: Type.Enum(['failure', 'success'], {
      default: 'failure',
      title: 'Share of',
      labels: { failure: 'failures', success: 'successes' },
      description: 'The outcome whose share of all events is judged.',
    }),
    operator: Type.Enum(['>', '>=', '<', '<='], { default: '>', title: 'Is', labels: labelsOfComparisons }),
    threshold_percent: Type.Number({ minimum: 0, maximum: 100, title: 'Threshold', unit: '%' }),
    window_minutes: Type.Integer({ minimum: 1, maximum: 1440, default: 60, title: 'Within', unit: 'min' }),
    minimum_samples: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      default: 10,
      title: 'Minimum samples',
      unit: 'events',
      description: 'With fewer events in the window nothing is judged: neither fires nor resolves.',
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

export interface Counts {
  readonly successes: number;
  readonly failures: number;
}

const outcomeWords = { failure: 'failed', success: 'succeeded' } as const;

export function evaluateRate(config: Config, data: Counts): Judgement {
  const total = data.successes + data.failures;
  const part = config.outcome === 'failure' ? data.failures : data.successes;
  const percent = total === 0 ? 0 : (part / total) * 100;
  const [one, many] = wordsOfEvent(config.event_type);
  const details = {
    event_type: config.event_type,
    outcome: config.outcome,
    matching: part,
    samples: total,
    percent: Math.round(percent * 100) / 100,
    threshold_percent: config.threshold_percent,
    window_minutes: config.window_minutes,
    minimum_samples: config.minimum_samples,
  };
  const within = `in the last ${durationWords(config.window_minutes * 60)}`;
  const judged = (verdict: Judgement['verdict'], why: string): Judgement => ({
    verdict,
    value: total === 0 ? null : percent,
    why,
    details,
  });
  if (total < config.minimum_samples) {
    return judged(
      'unknown',
      `Only ${total} ${total === 1 ? one : many} ${within}; ${config.minimum_samples} are needed to judge.`,
    );
  }
  const firing = compare(percent, config.operator, config.threshold_percent);
  const said = besideLimit(
    percent,
    config.threshold_percent,
    (value, detail) => `${numberWords(value, detail)} %`,
  );
  const reading = `${part} of ${total} ${many} ${outcomeWords[config.outcome]} ${within}: ${said.value}`;
  return judged(
    firing ? 'firing' : 'ok',
    `${reading}; ${(firing ? wordsOfLimit : wordsOfAsked)(config.operator, said.limit)} (judged from ${config.minimum_samples} events on).`,
  );
}

export const rate = defineRuleKind({
  kind: 'rate',
  label: 'Failure rate',
  help: 'Fires when the share of failed (or successful) events within a window crosses a limit. Needs a minimum number of events, because a few prove nothing.',
  schema,
  fixture: {
    event_type: 'gate.redemption',
    outcome: 'failure',
    operator: '>',
    threshold_percent: 10,
    window_minutes: 60,
    minimum_samples: 10,
    per: 'site',
  },
  subjects: ['site', 'device', 'organization'],
  wakesOn: 'events',
  restsOnSilence: false,
  deviceStatus: null,
  watches: watchesCounted,
  windowMinutes: (config) => config.window_minutes,
  signal: (config) => ({
    label: `Share of ${wordsOfEvent(config.event_type)[1]} that ${outcomeWords[config.outcome]}`,
    unit: '%',
    limit: config.threshold_percent,
    side: config.operator.startsWith('<') ? 'below' : 'above',
    contextMinutes: 3 * config.window_minutes,
  }),
  resolve: (config) => config,
  describe(config) {
    const [one] = wordsOfEvent(config.event_type);
    const what = config.outcome === 'failure' ? `${one} failures` : `${one} successes`;
    return `${what} ${config.operator} ${numberWords(config.threshold_percent)} % in ${config.window_minutes} min (at least ${config.minimum_samples})`;
  },
  title(config, subject) {
    const word = config.operator.startsWith('>') ? 'high' : 'low';
    const what = config.outcome === 'failure' ? 'failures' : 'successes';
    return `${capitalized(wordsOfEvent(config.event_type)[0])} ${what} are ${word} at ${subject.name}`;
  },
  async observe(tx, moment, focus) {
    const { rows } = await sql<ObservedRow & Counts>`
      with ${countEvents('rate', moment.now, focus)},
      judged as (
        select ${ruleColumns}, ${countedSubjectColumns}, c.successes, c.failures, a.id as alert_id,
          ${countedSubject} as subject, r.minimum_samples, (r.config->>'threshold_percent')::float8 as threshold_percent,
          case r.outcome when 'success' then c.successes else c.failures end as part
        from counted c join r on r.id = c.rule_id ${countedSubjectJoins} ${joinOpenAlert(countedSubject)}
        where c.successes + c.failures >= r.minimum_samples and ${countedSubjectExists}
      )
      select r.*, r.rule_id as id, ${lastResolvedAt(sql`r.subject`)} as last_resolved_at
      from (select *, rule_id as id from judged) r
      where r.alert_id is not null or case r.config->>'operator'
        when '>' then r.part * 100 > r.threshold_percent * (r.successes + r.failures)
        when '>=' then r.part * 100 >= r.threshold_percent * (r.successes + r.failures)
        when '<' then r.part * 100 < r.threshold_percent * (r.successes + r.failures)
        else r.part * 100 <= r.threshold_percent * (r.successes + r.failures) end`.execute(tx);
    return rows.map((row) =>
      toObservation<Counts>(row, { successes: row.successes, failures: row.failures }),
    );
  },
  evaluate: (config, data) => evaluateRate(config, data),
  reading: (_config, data) => ({ samples: data.successes + data.failures }),
  replay: (tx, rule, span) =>
    replayEvents<Counts>(
      tx,
      rule,
      span,
      {
        eventType: rule.config.event_type,
        per: rule.config.per,
        windowMs: rule.config.window_minutes * 60_000,
        lookBackMs: 0,
      },
      () => (_at, sliding) => ({ successes: sliding.successes, failures: sliding.failures }),
    ),
});
