import type { SubjectKind } from '@watchkeeper/contracts';
import type { RawBuilder } from 'kysely';
import type Type from 'typebox';
import type { Static } from 'typebox';
import type { Tx } from '#platform/db/database';
import type { WatchState } from '#platform/watch';
import {
  type EnvironmentLimits,
  type Judgement,
  type Moment,
  type Observation,
  type Subject,
  waitsForAnother,
} from './judgement.ts';
import type { Learning } from './learning.ts';
import type { JudgedTrack, Reading, Replay, ReplayedRule, ReplaySpan, RuleSignal } from './replay.ts';

export interface Finding extends Observation<unknown> {
  /** Why its rule could not be judged; the verdict is then `unknown`. */
  readonly fault?: unknown;
  readonly kind: RuleKind;
  /** The condition that the rule waits for now. */
  readonly condition: string | null;
  readonly judgement: Judgement;
  readonly title: string;
}

/**
 * Reading device_state is the main cost of a tick, so it is read once per tick for all kinds (see sweep.ts). `filter`
 * sees every row as `ds` and must be cheap. All rows that pass the filter of any kind are materialized as `hot`.
 * `found` is a query that returns the `device_id`s, from `hot` and from small tables.
 */
export interface DeviceScan {
  readonly filter: RawBuilder<unknown>;
  readonly found: RawBuilder<unknown>;
}

/**
 * Returns null when no rule of this kind can change anything at this moment. At most `limit` devices, so that pages
 * stay small.
 */
export type PlanScan = (tx: Tx, moment: Moment, limit: number) => Promise<DeviceScan | null>;

/** Limits an inspection to the subjects that just changed. Without it a kind looks at everything. */
export interface Focus {
  readonly deviceIds?: readonly string[];
  readonly checkIds?: readonly string[];
  readonly organizationIds?: readonly string[];
  readonly events?: {
    readonly organizationId: string;
    readonly types: readonly string[];
    readonly siteIds: readonly string[];
  };
}

/** A rule kind as its file writes it. Config and data are typed; everything else is derived from them. */
export interface RuleKindDefinition<Schema extends Type.TObject, Data> {
  /** The registry key; the file is named after it. */
  readonly kind: string;
  readonly label: string;
  readonly help: string;
  readonly schema: Schema;
  /** A config that parses: shown in docs and forms, used by the contract test. */
  readonly fixture: Static<Schema>;
  readonly subjects: readonly SubjectKind[];
  /** The arrivals that can change its judgement. Measurements are judged by the tick. */
  readonly wakesOn: 'heartbeats' | 'events' | 'checks' | 'metrics';
  /** The kind judges silence, so it judges only while we are sure that we are watching ourselves. */
  readonly restsOnSilence: boolean;
  /**
   * For kinds that count events: how far back a judgement looks, in minutes. Events that arrive later than that are
   * judged for their own time.
   */
  readonly windowMinutes?: (config: Static<Schema>) => number;
  /** The status that a firing rule gives to its device. */
  readonly deviceStatus: 'offline' | null;
  /**
   * SQL over an open alert `a` and its rule `r` as it is now: whether the rule still covers the alert's subject. false
   * ends the alert. Missing data is not a reason for false. See watching.ts.
   */
  readonly watches: RawBuilder<unknown>;
  /** Fills in the values that the config leaves to the environment. */
  readonly resolve: (config: Static<Schema>, limits: EnvironmentLimits) => Static<Schema>;
  /** Checks between fields, beyond the schema. Returns mistakes by field. */
  readonly check?: (config: Static<Schema>) => readonly { field: string; message: string }[];
  /**
   * For kinds that wait: the condition that must hold during the wait. Equal texts mean the same condition. When a rule
   * is changed to another condition, the wait begins again. `config` is resolved.
   */
  readonly awaits?: (config: Static<Schema>) => string;
  /** The condition as a phrase: "no heartbeat > 2 min". */
  readonly describe: (config: Static<Schema>) => string;
  /** What `Judgement.value` measures. `config` is resolved. */
  readonly signal: (config: Static<Schema>) => RuleSignal;
  /** The alert's headline for a subject. */
  readonly title: (config: Static<Schema>, subject: Subject) => string;
  /** For kinds that learn what is usual. */
  readonly learns?: Learning;
  /**
   * For kinds about devices: their part of the one scan, over all organizations, that finds the devices whose state may
   * change.
   */
  readonly scan?: PlanScan;
  /** One set-based statement over all organizations. It may return observations that change nothing. */
  readonly observe: (tx: Tx, moment: Moment, focus: Focus) => Promise<readonly Observation<Data>[]>;
  /** Pure. `config` is resolved. */
  readonly evaluate: (
    config: Static<Schema>,
    data: Data,
    moment: Moment,
    pendingSince: Date | null,
  ) => Judgement;
  /**
   * The values that a chart shows of a judgement, when there are more than the value and the one limit. `config` is
   * resolved.
   */
  readonly reading?: (config: Static<Schema>, data: Data, judgement: Judgement) => Partial<Reading>;
  /** The past, for backtests and charts. `rule.config` is resolved. */
  readonly replay: (
    tx: Tx,
    rule: ReplayedRule & { config: Static<Schema> },
    span: ReplaySpan,
  ) => Promise<Replay<Data>>;
}

/** The kind as the engine sees it: without its types. Configs are parsed where they come in. */
export interface RuleKind {
  readonly kind: string;
  readonly label: string;
  readonly help: string;
  readonly schema: Type.TObject;
  readonly fixture: object;
  readonly subjects: readonly SubjectKind[];
  readonly wakesOn: 'heartbeats' | 'events' | 'checks' | 'metrics';
  readonly restsOnSilence: boolean;
  readonly deviceStatus: 'offline' | null;
  readonly watches: RawBuilder<unknown>;
  /** Milliseconds; see windowMinutes. */
  readonly windowMs: ((config: object) => number) | undefined;
  readonly title: (config: object, subject: Subject) => string;
  readonly resolve: (config: object, limits: EnvironmentLimits) => object;
  readonly check: (config: object) => readonly { field: string; message: string }[];
  readonly describe: (config: object, limits: EnvironmentLimits) => string;
  readonly signal: (config: object, limits: EnvironmentLimits) => RuleSignal;
  readonly scan: PlanScan | undefined;
  readonly learns?: Learning;
  readonly inspect: (tx: Tx, moment: Moment, focus: Focus) => Promise<readonly Finding[]>;
  readonly replay: (
    tx: Tx,
    rule: ReplayedRule,
    span: ReplaySpan,
  ) => Promise<{ tracks: readonly JudgedTrack[]; subjectsTotal: number; notes: readonly string[] }>;
}

export function defineRuleKind<Schema extends Type.TObject, Data>(
  own: RuleKindDefinition<Schema, Data>,
): RuleKind {
  const asConfig = configOf<Static<Schema>>;
  const { windowMinutes } = own;
  /** A rule that cannot be judged affects only itself: the other rules of the sweep are judged. */
  function judgeOne(observation: Observation<Data>, moment: Moment): Finding {
    try {
      const config = own.resolve(asConfig(observation.rule.config), moment.limits);
      const condition = own.awaits?.(config) ?? null;
      const pendingSince = waitsForAnother(observation, condition) ? moment.now : observation.pendingSince;
      const judgement = own.evaluate(config, observation.data, moment, pendingSince);
      const title = own.title(config, observation.subject);
      return { ...observation, pendingSince, condition, kind, judgement, title };
    } catch (fault) {
      const judgement = {
        verdict: 'unknown',
        value: null,
        why: 'The rule cannot be judged.',
        details: {},
      } as const;
      return { ...observation, condition: null, kind, judgement, title: observation.rule.name, fault };
    }
  }
  const kind: RuleKind = {
    ...own,
    windowMs:
      windowMinutes === undefined ? undefined : (config) => windowMinutes(asConfig(config)) * minuteMs,
    title: (config, subject) => own.title(asConfig(config), subject),
    // Safe because TypeBox objects are objects; the generic hides it.
    fixture: own.fixture as object,
    resolve: (config, limits) => own.resolve(asConfig(config), limits) as object,
    check: (config) => own.check?.(asConfig(config)) ?? [],
    describe: (config, limits) => own.describe(own.resolve(asConfig(config), limits)),
    signal: (config, limits) => own.signal(own.resolve(asConfig(config), limits)),
    scan: own.scan,
    async inspect(tx, moment, focus) {
      const observations = await own.observe(tx, moment, focus);
      return observations.map((observation) => judgeOne(observation, moment));
    },
    async replay(tx, rule, span) {
      const config = own.resolve(asConfig(rule.config), span.limits);
      const past = await own.replay(tx, { ...rule, config }, span);
      // A kind may read more than it was asked for; this filter makes the result exact.
      const { subject } = rule;
      const tracks = past.tracks.filter((track) => subject === undefined || track.subject.id === subject.id);
      const { limit } = own.signal(config);
      function judge(at: Date, watch: WatchState, data: Data, pendingSince: Date | null) {
        const moment = { now: at, watch, limits: span.limits, pausedReason: null };
        const judgement = own.evaluate(config, data, moment, pendingSince);
        const value = judgement.verdict === 'unknown' ? null : judgement.value;
        const plain: Reading = { value, limit, beside: null, samples: null };
        return { ...judgement, reading: { ...plain, ...own.reading?.(config, data, judgement) } };
      }
      return {
        ...past,
        tracks: tracks.map((track) => ({
          subject: track.subject,
          open: track.open ?? null,
          points: track.points.map(({ at, watch, data }) => ({
            at,
            judge: (pendingSince: Date | null) => judge(at, watch, data, pendingSince),
          })),
        })),
      };
    },
  };
  return kind;
}

const minuteMs = 60_000;

/** Safe because a config reaches the database only through `ruleKinds.parse` with this kind's schema. */
function configOf<Config>(config: object): Config {
  return config as Config;
}
