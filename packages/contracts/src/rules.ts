import Type, { type Static } from 'typebox';
import {
  AlertType,
  comparisons,
  SeverityName,
  SignalBucket,
  SignalMeaning,
  subjectKinds,
} from './alerting.ts';
import { Duration, Id, ListQuery, Name, Nullable, Page, Timestamp } from './common.ts';
import { RuleGrouping } from './incident-settings.ts';
import { namePattern } from './text.ts';
import { metricTypes } from './vocabulary.ts';

const closed = { additionalProperties: false } as const;

/** How a rule names channels; looked up when something is told. */
const ChannelWord = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: namePattern,
  description:
    'A name, an id, or a kind (EMAIL, SLACK, WEBHOOK, in any case), which means every channel of that kind. DASHBOARD is the console, which shows every alert.',
});
const ChannelWordList = Type.Array(ChannelWord, { maxItems: 20, uniqueItems: true });

/** Part of every rule: who is told of an alert that nobody acknowledged. */
export const EscalationRules = Type.Object(
  {
    escalate_after: Duration,
    escalate_to_channels: ChannelWordList,
  },
  closed,
);

const ruleFields = {
  type: Type.Optional(AlertType),
  name: Name,
  kind: Type.String({ maxLength: 63, description: 'One of GET rule-kinds.' }),
  config: Type.Record(Type.String(), Type.Unknown(), {
    description: "The kind's own settings; GET rule-kinds has their schemas.",
  }),
  severity: Type.Optional(SeverityName),
  enabled: Type.Optional(Type.Boolean()),
  auto_resolve: Type.Optional(
    Type.Boolean({ description: 'Resolve automatically when the condition is over.' }),
  ),
  cooldown: Type.Optional(Duration),
  site: Type.Optional(Nullable(Type.String({ maxLength: 128, description: 'Only this site: slug or id.' }))),
  device_type: Type.Optional(
    Nullable(Type.String({ maxLength: 128, description: 'Only this device type: slug or id.' })),
  ),
  channels: Type.Optional({
    ...ChannelWordList,
    description: 'The channels that are told; empty: every channel. If any are named, only those are told.',
  }),
  grouping: Type.Optional(
    Nullable({
      ...RuleGrouping,
      description: 'How its alerts join incidents; null: as the organization says.',
    }),
  ),
  runbook_url: Type.Optional(
    Nullable(
      Type.String({
        maxLength: 2000,
        pattern: '^https?://',
        description: 'A page that says what to do; shown at its incidents.',
      }),
    ),
  ),
  escalation_rules: Type.Optional(Nullable(EscalationRules)),
};

export const manifestRulesMax = 500;

export const RuleBody = Type.Object(ruleFields, closed);
export type RuleBody = Static<typeof RuleBody>;

const word = (description: string, maxLength: number) =>
  Type.Optional(Nullable(Type.String({ minLength: 1, maxLength, description })));

/** A rule about measurements in the words of operators, besides `kind` and `config`. */
const measuredFields = {
  metric_type: Type.Optional(
    Nullable(
      Type.Enum([...metricTypes], {
        description: 'Only measurements of this type, in any case. As `config.metric_type`.',
      }),
    ),
  ),
  metric_category: word('Only measurements of this category. As `config.metric_category`.', 64),
  metric_name: word('Only measurements of this name. As `config.metric`.', 64),
  source: word('Only measurements of this source. As `config.source`.', 256),
  endpoint: word('Only measurements of this endpoint. As `config.endpoint`.', 256),
  condition: Type.Optional(
    Type.Object(
      {
        operator: Type.Optional(Type.Enum([...comparisons])),
        threshold: Type.Optional(Nullable(Type.Number())),
        duration: Type.Optional(
          Type.Union([Type.Number({ minimum: 0, description: 'Minutes.' }), Duration.anyOf[1]]),
        ),
      },
      {
        ...closed,
        description: 'As `config.condition`. Without `kind` the rule is one about measurements (`metric`).',
      },
    ),
  ),
};

const EscalationWrite = Type.Object(
  {
    escalate_after: Type.Optional(Duration),
    escalate_after_minutes: Type.Optional(
      Type.Number({ minimum: 0, description: 'The same in minutes; `escalateAfter` means this one.' }),
    ),
    escalate_to_channels: Type.Optional(ChannelWordList),
  },
  {
    ...closed,
    description:
      '`escalate_after` is a number of seconds or a text such as "10m"; together with `metric_type` or `condition`, and without `kind`, a number means minutes.',
  },
);

/**
 * A rule as it is written, whole or in part: by `kind` and `config`, or by `metric_type`, `metric_category`,
 * `condition`, ... Names count in camelCase as well, severity and type in any case.
 */
export const RuleWrite = Type.Object(
  {
    ...Type.Partial(Type.Object(ruleFields)).properties,
    ...measuredFields,
    channels: Type.Optional(
      Nullable({
        ...ChannelWordList,
        description: 'The channels that are told; null or empty: every channel.',
      }),
    ),
    escalation_rules: Type.Optional(Nullable(EscalationWrite)),
  },
  closed,
);
export type RuleWrite = Static<typeof RuleWrite>;

/**
 * An entry of `rules` in watchkeeper.yaml, found by its type, written as the API takes a rule; what it leaves out
 * stays as it is.
 */
export const ManifestRule = Type.Object({ ...RuleWrite.properties, type: AlertType }, closed);
export type ManifestRule = Static<typeof ManifestRule>;
export const ManifestRules = Type.Array(ManifestRule, { maxItems: manifestRulesMax });

const TenantId = Type.String({ maxLength: 63, description: 'Slug or id of the organization.' });

export const ProviderRuleBody = Type.Object(
  {
    tenant_id: Type.Optional({
      ...TenantId,
      description: 'Slug or id of the organization; optional if the credential reaches only one.',
    }),
    ...RuleWrite.properties,
  },
  closed,
);

export const ProviderRuleChange = Type.Object(
  { tenant_id: Type.Optional(TenantId), ...RuleWrite.properties },
  closed,
);

export const Rule = Type.Object({
  id: Id,
  tenant_id: Type.String(),
  type: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  config: Type.Record(Type.String(), Type.Unknown()),
  effective_config: Type.Record(Type.String(), Type.Unknown(), {
    description: 'The values in use: null values are filled from the environment.',
  }),
  trigger: Type.String({ description: 'The condition in words.' }),
  severity: SeverityName,
  enabled: Type.Boolean(),
  auto_resolve: Type.Boolean(),
  cooldown: Type.Number({
    description: 'Seconds after a resolution in which the same subject opens no new alert.',
  }),
  site: Nullable(Type.String()),
  device_type: Nullable(Type.String()),
  channels: Type.Array(Type.String(), { description: 'Names, kinds or ids; empty: every channel.' }),
  grouping: Nullable(
    Type.Object(
      { by: Nullable(Type.String()), window: Nullable(Type.Number({ description: 'Seconds.' })) },
      { description: 'How its alerts join incidents; null: as the organization says.' },
    ),
  ),
  runbook_url: Nullable(Type.String({ description: 'A page that says what to do.' })),
  escalation_rules: Nullable(
    Type.Object({
      escalate_after: Type.Number({ description: 'Seconds.' }),
      escalate_after_minutes: Type.Number({ description: 'The same in minutes.' }),
      escalate_to_channels: Type.Array(Type.String()),
    }),
  ),
  metric_type: Nullable(
    Type.Enum([...metricTypes], { description: 'For rules about measurements, taken from `config`.' }),
  ),
  metric_category: Nullable(Type.String()),
  metric_name: Nullable(Type.String()),
  condition: Nullable(
    Type.Object(
      {
        operator: Type.String(),
        threshold: Nullable(Type.Number()),
        duration: Type.Number({ description: 'Minutes.' }),
      },
      { description: 'For kinds that compare a number with a limit, taken from `config`.' },
    ),
  ),
  template: Type.Boolean({ description: 'One of the rules every organization starts with.' }),
  version: Type.Integer(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Rule = Static<typeof Rule>;

const warnings = Type.Array(Type.String(), {
  description: 'Channels that the rule names but that do not exist, in sentences.',
});
/** One rule, as it is read or was just written. */
export const RuleAnswer = Type.Object({ ...Rule.properties, warnings });
export type RuleAnswer = Static<typeof RuleAnswer>;

export const RuleRevision = Type.Object({
  version: Type.Integer(),
  change: Type.Enum(['created', 'updated', 'deleted']),
  at: Timestamp,
  actor: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }),
  snapshot: Type.Record(Type.String(), Type.Unknown()),
});
export type RuleRevision = Static<typeof RuleRevision>;

const RuleFired = Type.Object({
  last_7_days: Type.Integer(),
  last_30_days: Type.Integer(),
  last_at: Nullable(Timestamp),
});

/** In lists: a rule and how often it has fired. */
export const ListedRule = Type.Object({
  ...Rule.properties,
  fired: Type.Object(RuleFired.properties, { description: 'Alerts that it opened.' }),
});
export type ListedRule = Static<typeof ListedRule>;

export const RuleWithRevisions = Type.Object({
  ...ListedRule.properties,
  warnings,
  revisions: Type.Array(RuleRevision, { description: 'Newest first.' }),
});
export type RuleWithRevisions = Static<typeof RuleWithRevisions>;

export const RuleQuery = Type.Object(
  {
    ...ListQuery.properties,
    kind: Type.Optional(Type.String({ maxLength: 63 })),
    type: Type.Optional(Type.String({ maxLength: 63 })),
    enabled: Type.Optional(Type.Boolean()),
  },
  closed,
);
export const ProviderRuleQuery = Type.Object(
  { ...RuleQuery.properties, tenant_id: Type.Optional(TenantId) },
  closed,
);
export const RulePage = Page(Rule);
export const ListedRulePage = Page(ListedRule);

export const RuleKindDescription = Type.Object({
  kind: Type.String(),
  label: Type.String(),
  help: Type.String(),
  subjects: Type.Array(Type.Enum([...subjectKinds])),
  schema: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of `config`.' }),
  example: Type.Record(Type.String(), Type.Unknown()),
});
export type RuleKindDescription = Static<typeof RuleKindDescription>;

/** A rule to start from. */
export const RuleTemplate = Type.Object({
  type: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  config: Type.Record(Type.String(), Type.Unknown()),
  severity: SeverityName,
  auto_resolve: Type.Boolean(),
  cooldown: Type.Number({ description: 'Seconds.' }),
  trigger: Type.String({ description: 'The condition in words.' }),
});
export type RuleTemplate = Static<typeof RuleTemplate>;

export const RuleKindList = Type.Object({
  data: Type.Array(RuleKindDescription),
  templates: Type.Array(RuleTemplate),
});
export type RuleKindList = Static<typeof RuleKindList>;

export const backtestDaysMax = 30;
export const BacktestWindow = Type.Object(
  { days: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: backtestDaysMax, default: 7 })) },
  closed,
);
/** An unsaved rule: what would it have done? */
export const BacktestBody = Type.Object(
  {
    days: BacktestWindow.properties.days,
    kind: ruleFields.kind,
    config: ruleFields.config,
    auto_resolve: ruleFields.auto_resolve,
    cooldown: ruleFields.cooldown,
    site: ruleFields.site,
    device_type: ruleFields.device_type,
  },
  closed,
);

export const Backtest = Type.Object({
  window: Type.Object({ from: Timestamp, to: Timestamp, days: Type.Number() }),
  would_have_fired: Type.Integer(),
  sentence: Type.String(),
  firings: Type.Array(
    Type.Object({
      at: Timestamp,
      subject: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }),
      why: Type.String(),
      resolved_at: Nullable(Timestamp),
    }),
    { description: 'Oldest first, at most 200; would_have_fired counts all.' },
  ),
  signal: SignalMeaning,
  buckets: Type.Array(SignalBucket, {
    description:
      'The window in equal steps: the lowest and highest reading of all subjects, and the limit of the one furthest past its own.',
  }),
  subjects_examined: Type.Integer(),
  subjects_total: Type.Integer(),
  notes: Type.Array(Type.String(), { description: 'What the figures do not include.' }),
});
export type Backtest = Static<typeof Backtest>;
