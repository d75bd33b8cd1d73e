import Type, { type Static } from 'typebox';
import { attentions, standings } from './attention.ts';
import { Id, ListQuery, Name, Nullable, Page, Timestamp } from './common.ts';
import { namePattern } from './text.ts';
import { alertStatuses, severities, suppressionReasons, suppressionReasonsToCome } from './vocabulary.ts';

const closed = { additionalProperties: false } as const;

export const alertTransitionKinds = [
  'opened',
  'acknowledged',
  'unacknowledged',
  'resolved',
  'reopened',
  'suppressed',
  'unsuppressed',
  'escalated',
  'recurred',
] as const;
export type AlertTransitionKind = (typeof alertTransitionKinds)[number];

export const subjectKinds = ['device', 'site', 'organization', 'check', 'metric'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

export const comparisons = ['>', '>=', '<', '<=', '==', '!='] as const;
export type Comparison = (typeof comparisons)[number];

/** The numeric fields of a heartbeat that a threshold may watch; names in `metrics{}` work as well. */
export const heartbeatMetrics = [
  'error_rate_5m',
  'request_latency_p95',
  'sync_lag_sec',
  'memory_usage',
  'cpu_usage',
  'disk_usage',
] as const;
export type HeartbeatMetric = (typeof heartbeatMetrics)[number];

export const SeverityName = Type.Enum([...severities]);
export const AlertStatusName = Type.Enum([...alertStatuses]);
export const AlertType = Type.String({
  pattern: '^[a-z][a-z0-9_]{0,62}$',
  description: 'The name of the alert in lists, filters and messages, for example device_offline.',
});

const Reference = Type.Object({ id: Id, slug: Type.String(), name: Type.String() });

export const Alert = Type.Object({
  id: Id,
  type: Type.String(),
  kind: Type.String({ description: 'The rule kind that judged it.' }),
  severity: SeverityName,
  status: AlertStatusName,
  attention: Type.Enum([...attentions], {
    description:
      'Whether it needs somebody: `needs_you`; `in_hand` (acknowledged); `under_maintenance` and `muted` (told to nobody); `over`.',
  }),
  title: Type.String(),
  why: Type.String({ description: 'Why it fired, in words and numbers.' }),
  details: Type.Record(Type.String(), Type.Unknown(), { description: 'The numbers behind `why`.' }),
  tenant_id: Type.String({ description: 'Slug of the organization.' }),
  store_id: Nullable(Type.String({ description: 'Slug of the site.' })),
  device_id: Nullable(Type.String({ description: 'Slug of the device.' })),
  site: Nullable(Reference),
  device: Nullable(Reference),
  rule: Type.Object({ id: Id, name: Type.String() }),
  suppressed_by: Nullable(
    Type.Enum([...suppressionReasons], {
      description: `What mutes it. Nothing sets ${suppressionReasonsToCome.map((reason) => `\`${reason}\``).join(', ')} yet: these are kept for later releases.`,
    }),
  ),
  suppressed_reason: Nullable(Type.String()),
  opened_at: Timestamp,
  acknowledged_at: Nullable(Timestamp),
  acknowledged_by: Nullable(Type.String()),
  escalated_at: Nullable(Timestamp),
  resolved_at: Nullable(Timestamp),
  resolved_by: Nullable(Type.String()),
  resolved_reason: Nullable(Type.String()),
  resolution: Nullable(Type.String({ description: 'Why it is over; the same as `resolved_reason`.' })),
  action_taken: Nullable(Type.String({ description: 'What somebody did about it.' })),
  version: Type.Integer(),
});
export type Alert = Static<typeof Alert>;

export const AlertTransition = Type.Object({
  id: Id,
  at: Timestamp,
  kind: Type.Enum([...alertTransitionKinds]),
  actor: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }),
  why: Type.String(),
  note: Nullable(Type.String()),
  details: Type.Record(Type.String(), Type.Unknown()),
});
export type AlertTransition = Static<typeof AlertTransition>;

export const AlertWithTimeline = Type.Object({
  ...Alert.properties,
  site_timezone: Nullable(Type.String({ description: 'IANA name: the time zone of the place.' })),
  timeline: Type.Array(AlertTransition, { description: 'Oldest first.' }),
});
export type AlertWithTimeline = Static<typeof AlertWithTimeline>;

/** The values that a rule of this kind judges, for a chart. */
export const SignalMeaning = Type.Object({
  label: Type.String(),
  unit: Type.String({ description: 'Empty for plain counts.' }),
  limit: Nullable(
    Type.Number({
      description: 'The limit; null when it changes over time, and then each bucket has its own.',
    }),
  ),
  side: Type.Enum(['above', 'below'], { description: 'The side of the limit on which a value is wrong.' }),
  beside: Nullable(
    Type.String({ description: 'The meaning of `beside` in the buckets, for example the usual value.' }),
  ),
});
export type SignalMeaning = Static<typeof SignalMeaning>;

export const SignalBucket = Type.Object({
  at: Timestamp,
  low: Nullable(Type.Number({ description: 'The lowest reading; null: not known.' })),
  high: Nullable(Type.Number()),
  limit: Nullable(Type.Number({ description: 'The limit at that time.' })),
  beside: Nullable(Type.Number()),
  samples: Nullable(
    Type.Number({ description: 'The number of events behind the value, when that matters.' }),
  ),
});
export type SignalBucket = Static<typeof SignalBucket>;

const TimeSpan = Type.Object({ from: Timestamp, to: Timestamp });

/** The longest span a signal is shown over. */
export const signalDaysMax = 31;
export const AlertSignalQuery = Type.Object(
  {
    from: Type.Optional(Type.String({ format: 'date-time', description: 'With `to`: another span.' })),
    to: Type.Optional(
      Type.String({ format: 'date-time', description: `At most ${signalDaysMax} days after \`from\`.` }),
    ),
  },
  closed,
);

export const AlertSignal = Type.Object({
  rule: Type.Object({
    version: Type.Integer({ description: 'The rule as it was when the alert opened.' }),
    trigger: Type.String({ description: 'The condition in words.' }),
  }),
  window: Type.Object({ from: Timestamp, to: Timestamp, step_seconds: Type.Number() }),
  signal: SignalMeaning,
  buckets: Type.Array(SignalBucket, { description: 'The window in equal steps, oldest first.' }),
  open: Nullable(
    Type.Array(TimeSpan, { description: 'When the place was open, for rules that use opening hours.' }),
  ),
  notes: Type.Array(Type.String(), { description: 'What the figures do not include.' }),
});
export type AlertSignal = Static<typeof AlertSignal>;

export const AlertPage = Page(Alert);

export const alertOrders = ['newest', 'weight'] as const;
export type AlertOrder = (typeof alertOrders)[number];
export const alertSearchLengthMax = 200;

export const AlertQuery = Type.Object(
  {
    ...ListQuery.properties,
    status: Type.Optional(
      Type.Enum([...alertStatuses, 'active'], { description: '`active` is open or acknowledged.' }),
    ),
    severity: Type.Optional(SeverityName),
    type: Type.Optional(Type.String({ maxLength: 63 })),
    site: Type.Optional(Type.String({ maxLength: 128, description: 'Slug or id.' })),
    device: Type.Optional(Type.String({ maxLength: 128, description: 'Slug or id.' })),
    check: Type.Optional(Type.String({ maxLength: 128, description: 'Slug or id.' })),
    since: Type.Optional(Type.String({ format: 'date-time', description: 'Opened at or after this time.' })),
    q: Type.Optional(
      Type.String({
        maxLength: alertSearchLengthMax,
        description:
          'Words that all occur in the title, the type, or the names of the rule, the site and the device.',
      }),
    ),
    order: Type.Optional(
      Type.Enum([...alertOrders], {
        default: 'newest',
        description:
          '`weight`: first the alerts that need somebody, then acknowledged ones, then muted ones; the more severe first, the older first.',
      }),
    ),
  },
  closed,
);
export type AlertQuery = Static<typeof AlertQuery>;

export const ProviderAlertQuery = Type.Object(
  {
    ...ListQuery.properties,
    status: AlertQuery.properties.status,
    severity: AlertQuery.properties.severity,
    type: AlertQuery.properties.type,
    tenant_id: Type.Optional(Type.String({ maxLength: 63, description: 'Slug or id of the organization.' })),
    store_id: Type.Optional(Type.String({ maxLength: 128, description: 'Slug or id of the site.' })),
    device_id: Type.Optional(Type.String({ maxLength: 128, description: 'Slug or id of the device.' })),
    since: AlertQuery.properties.since,
  },
  closed,
);

export const alertNoteLengthMax = 2000;
const Named = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 200,
    description:
      'The person that the sender names; written to the audit log. The actor is always the owner of the credential.',
  }),
);
export const AcknowledgeBody = Type.Object(
  {
    note: Type.Optional(Type.String({ maxLength: alertNoteLengthMax })),
    user: Named,
    acknowledged_by: Named,
  },
  closed,
);
export type AcknowledgeBody = Static<typeof AcknowledgeBody>;
const ResolveNote = Type.String({ minLength: 1, maxLength: alertNoteLengthMax, pattern: '\\S' });
export const ResolveBody = Type.Object(
  {
    reason: { ...ResolveNote, description: 'Why it is over; `resolution` is accepted too.' },
    action_taken: Type.Optional({ ...ResolveNote, description: 'What was done about it.' }),
    user: Named,
    resolved_by: Named,
  },
  closed,
);
export type ResolveBody = Static<typeof ResolveBody>;

const OneLine = (lengthMax: number, description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: lengthMax, pattern: namePattern, description }));

export const labelsMax = 64;
/** Of all names and values of one alert together. */
export const labelsLengthMax = 8_192;
const Labels = Type.Record(
  Type.String({ pattern: '^[^\\p{Cc}\\p{Cs}]{1,128}$' }),
  Type.String({ maxLength: 1_024 }),
  {
    maxProperties: labelsMax,
    description: `What the sender knows of it, for grouping: at most ${labelsMax} labels, names of 128 and values of 1,024 characters, ${labelsLengthMax} together.`,
  },
);

/** An alert that somebody else found: posted, not judged. */
export const AlertBody = Type.Object(
  {
    type: Type.Optional(AlertType),
    severity: Type.Optional(Type.Enum([...severities], { description: 'Default: as its rule says.' })),
    title: Name,
    message: Type.Optional(
      Type.String({ maxLength: alertNoteLengthMax, description: 'What is wrong, in words for the reader.' }),
    ),
    metric: OneLine(200, 'What was measured.'),
    value: Type.Optional(Type.Number()),
    threshold: Type.Optional(Type.Number({ description: 'The limit that the value was compared with.' })),
    source: OneLine(200, 'What found it: a script, another system.'),
    site: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Slug or id.' })),
    device: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 128,
        description: 'Slug or id; the site may then be left out.',
      }),
    ),
    dedup_key: OneLine(
      255,
      'While an alert with this key is open, a new post is the same alert. Default: the same type, title, metric, source and place.',
    ),
    fingerprint: OneLine(255, "The sender's own name for this alert, used as `dedup_key` is."),
    labels: Type.Optional(Labels),
    ends_at: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'Not after now: the problem is over, and the open alert is resolved.',
      }),
    ),
    user: Named,
    created_by: Named,
  },
  closed,
);
export type AlertBody = Static<typeof AlertBody>;

/** So many alerts are acted on in one request; a longer selection is sent in parts. */
export const bulkAlertsMax = 100;
/** A resolution by hand can be taken back for so long; later a new alert says more than an old one. */
export const reopenWindowSeconds = 120;

const bulkIds = {
  ids: Type.Array(Id, { minItems: 1, maxItems: bulkAlertsMax, uniqueItems: true }),
};
export const BulkAcknowledgeBody = Type.Object({ ...bulkIds, note: AcknowledgeBody.properties.note }, closed);
export const BulkResolveBody = Type.Object(
  {
    ...bulkIds,
    reason: ResolveBody.properties.reason,
    action_taken: ResolveBody.properties.action_taken,
  },
  closed,
);
export const BulkAlertsBody = Type.Object(bulkIds, closed);

export const bulkOutcomes = ['changed', 'unchanged', 'conflict', 'not_found'] as const;
export const BulkAlertResult = Type.Object({
  id: Id,
  outcome: Type.Enum([...bulkOutcomes]),
  detail: Nullable(Type.String({ description: 'Why it did not change.' })),
  alert: Nullable(Alert),
});
export type BulkAlertResult = Static<typeof BulkAlertResult>;
export const BulkAlertResults = Type.Object({
  data: Type.Array(BulkAlertResult, { description: 'One per id, in the order asked.' }),
});
export type BulkAlertResults = Static<typeof BulkAlertResults>;

export const alertViewsMax = 50;
/** The filters of the inbox, as in its address. */
export const AlertViewFilter = Type.Object(
  {
    status: AlertQuery.properties.status,
    severity: AlertQuery.properties.severity,
    type: AlertQuery.properties.type,
    site: AlertQuery.properties.site,
    q: AlertQuery.properties.q,
  },
  closed,
);
export type AlertViewFilter = Static<typeof AlertViewFilter>;
export const viewNameLengthMax = 60;
const ViewName = Type.String({ minLength: 1, maxLength: viewNameLengthMax, pattern: namePattern });
export const SavedView = Type.Object({ name: ViewName, filter: AlertViewFilter, updated_at: Timestamp });
export type SavedView = Static<typeof SavedView>;
export const SavedViewList = Type.Object({ data: Type.Array(SavedView, { description: 'By name.' }) });
export const SavedViewBody = Type.Object({ filter: AlertViewFilter }, closed);
export const SavedViewParams = Type.Object({ org: Type.String(), name: ViewName });

const DeviceCounts = Type.Object({
  total: Type.Integer(),
  online: Type.Integer(),
  degraded: Type.Integer(),
  unresponsive: Type.Integer(),
  offline: Type.Integer(),
  unknown: Type.Integer(),
  maintenance: Type.Integer(),
});

const AttentionCounts = Type.Object({
  needs_you: Type.Integer(),
  in_hand: Type.Integer(),
  under_maintenance: Type.Integer(),
  muted: Type.Integer(),
});

export const Overview = Type.Object({
  organization: Reference,
  now: Timestamp,
  watch: Type.Object({
    intake_up: Type.Boolean(),
    watching_since: Timestamp,
    last_checked_at: Nullable(Timestamp),
    suspected_our_outage_since: Nullable(Timestamp),
  }),
  devices: DeviceCounts,
  sites: Type.Array(
    Type.Object({
      ...Reference.properties,
      timezone: Type.String(),
      devices: DeviceCounts,
      last_seen_at: Nullable(Timestamp),
      standing: Type.Enum([...standings], {
        description:
          'How the site is, in one word; `needs_you` only for an alert that is neither acknowledged nor muted.',
      }),
      attention: AttentionCounts,
      open_alerts: Type.Integer({ description: 'All that are not resolved.' }),
      worst_severity: Type.Union([SeverityName, Type.Null()], {
        description: 'Of the alerts that need somebody; null without one.',
      }),
    }),
  ),
  attention: AttentionCounts,
  alerts: Type.Array(Alert, { description: 'Open and acknowledged, most severe first, at most 100.' }),
  alerts_total: Type.Integer(),
  changes: Type.Array(
    Type.Object({
      at: Timestamp,
      kind: Type.Enum([...alertTransitionKinds]),
      actor: Type.String(),
      alert_id: Id,
      type: Type.String(),
      severity: SeverityName,
      title: Type.String(),
      why: Type.String(),
    }),
    { description: 'What changed in the last hour, newest first, at most 100.' },
  ),
});
export type Overview = Static<typeof Overview>;
