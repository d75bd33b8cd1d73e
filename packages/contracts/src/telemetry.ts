import Type, { type Static, type TSchema } from 'typebox';
import { DeviceSlug, Id, ListQuery, Nullable, Page, Slug, Timestamp } from './common.ts';
import { Retired } from './inventory.ts';
import { deviceStatuses, metricTypes } from './vocabulary.ts';

export const heartbeatItemsMax = 1_000;
export const eventItemsMax = 1_000;
export const metricItemsMax = 1_000;
export const metricsPerHeartbeatMax = 32;
/** Far beyond any real measurement, far inside what doubles and databases hold. */
export const measureMax = 1e15;
/** Up to here sums and differences of sequences stay exact. */
export const sequenceMax = 2 ** 52;
export const historyHoursMax = 24 * 400;
export const historyLimitMax = 10_000;
export const historyLimitDefault = 3_000;

const closed = { additionalProperties: false } as const;
const printable = '^[^\\u0000-\\u001f\\u007f]*$';

/** A name of an organization or site as it stands in a payload: its slug, or its id. */
const Reference = Type.String({ minLength: 1, maxLength: 128, pattern: printable });
/** A number as it is measured. */
export const Measure = Type.Number({ minimum: -measureMax, maximum: measureMax });
const Share = (description: string) =>
  Type.Optional(Type.Number({ minimum: 0, maximum: measureMax, description }));
export const MetricName = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_.:/-]{0,63}$' });

export const Heartbeat = Type.Object(
  {
    device_id: Type.String({
      minLength: 1,
      maxLength: 128,
      pattern: printable,
      description: "The device's slug (or id).",
    }),
    tenant_id: { ...Reference, description: "The organization's slug (or id)." },
    store_id: { ...Reference, description: "The site's slug (or id)." },
    status: Type.String({
      minLength: 1,
      maxLength: 32,
      pattern: '^[A-Za-z0-9][A-Za-z0-9 _.:/-]*$',
      description:
        'ok, online or healthy; words for trouble such as degraded, warning, error, critical, down, failed or offline count as degraded; any other word counts as online.',
    }),
    error_rate_5m: Share(
      'Share or percentage of failed requests in the last 5 minutes, as the fleet defines it.',
    ),
    request_latency_p95: Share('Milliseconds.'),
    sync_lag_sec: Share('Seconds.'),
    app_version: Type.Optional(Type.String({ maxLength: 64, pattern: printable })),
    memory_usage: Share('Per cent, or another unit of the fleet.'),
    cpu_usage: Share('Per cent.'),
    disk_usage: Share('Per cent.'),
    sent_at: Type.Optional({ ...Timestamp, maxLength: 40, description: "The device's own time." }),
    sequence: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: sequenceMax,
        description: 'Increases with every heartbeat; a repeated number is a retry.',
      }),
    ),
    metrics: Type.Optional(
      Type.Record(MetricName, Measure, {
        maxProperties: metricsPerHeartbeatMax,
        additionalProperties: false,
        description: `Up to ${metricsPerHeartbeatMax} numbers of your own.`,
      }),
    ),
  },
  {
    ...closed,
    description:
      'One heartbeat. The sender and the status are required. Any other field that is invalid or unknown is ignored and named in `warnings`.',
  },
);
export type Heartbeat = Static<typeof Heartbeat>;

const HeartbeatList = Type.Array(Heartbeat, {
  minItems: 1,
  maxItems: heartbeatItemsMax,
  description: 'Each item has its own result: one bad heartbeat does not affect the other 999.',
});
export const HeartbeatBatch = Type.Union([Type.Object({ heartbeats: HeartbeatList }, closed), HeartbeatList]);

const DeviceStatus = Type.Enum([...deviceStatuses]);

const warnings = Type.Optional(
  Type.Array(Type.String(), { description: 'What was ignored or counted differently, in words.' }),
);

export const HeartbeatReceipt = Type.Object({
  accepted: Type.Boolean(),
  duplicate: Type.Boolean({ description: 'Stored before: this is a retry after a lost answer.' }),
  late: Type.Boolean({ description: 'Added to history at its own time; the current state is newer.' }),
  device_status: DeviceStatus,
  server_time: Timestamp,
  next_expected_at: { ...Timestamp, description: 'Silence beyond this instant counts as absence.' },
  warnings,
});
export type HeartbeatReceipt = Static<typeof HeartbeatReceipt>;

const ItemError = Type.Object({
  code: Type.String(),
  message: Type.String(),
  errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), message: Type.String() }))),
});

export const HeartbeatBatchReceipt = Type.Object({
  accepted: Type.Integer(),
  duplicates: Type.Integer(),
  late: Type.Integer(),
  rejected: Type.Integer(),
  server_time: Timestamp,
  results: Type.Array(
    Type.Object({
      index: Type.Integer(),
      device_id: Nullable(Type.String()),
      accepted: Type.Boolean(),
      duplicate: Type.Boolean(),
      late: Type.Boolean(),
      device_status: Nullable(DeviceStatus),
      warnings,
      error: Type.Optional(ItemError),
    }),
  ),
});

const Reading = Nullable(Type.Number());
const readings = {
  error_rate_5m: Reading,
  request_latency_p95: Reading,
  sync_lag_sec: Reading,
  memory_usage: Reading,
  cpu_usage: Reading,
  disk_usage: Reading,
};
const Metrics = Nullable(Type.Record(Type.String(), Type.Number()));

export const DeviceState = Type.Object({
  device_id: { ...DeviceSlug, description: "The device's slug, as heartbeats name it." },
  id: Id,
  tenant_id: Slug,
  store_id: DeviceSlug,
  name: Type.String(),
  site: Type.Object({ id: Id, slug: DeviceSlug, name: Type.String() }),
  area: Nullable(
    Type.Object({
      id: Id,
      slug: DeviceSlug,
      name: Type.String(),
      position: Nullable(Type.Integer({ description: 'Its place at the site, if it has one.' })),
    }),
  ),
  type: Nullable(Type.String({ description: "The device type's slug." })),
  retired_at: Nullable({ ...Timestamp, description: 'Not watched any more; its history stays.' }),
  status: DeviceStatus,
  device_status: {
    ...DeviceStatus,
    description: 'The same as status, in the words of the heartbeat answer.',
  },
  status_since: Nullable(Timestamp),
  source: Type.Object({
    kind: Type.Literal('heartbeat'),
    last_seen_at: Nullable(Timestamp),
    age_seconds: Nullable(Type.Number()),
    fresh: Type.Boolean({ description: 'Heard from within the offline limit.' }),
  }),
  last_seen_at: Nullable(Timestamp),
  next_expected_at: Nullable(Timestamp),
  reported_status: Nullable(Type.String()),
  app_version: Nullable(Type.String()),
  sequence: Nullable(Type.Integer()),
  sent_at: Nullable(Timestamp),
  skew_ms: Nullable(
    Type.Integer({ description: "The device's clock minus ours; the time of receipt counts." }),
  ),
  values: Type.Object(readings),
  metrics: Metrics,
});
export type DeviceState = Static<typeof DeviceState>;

export const DeviceStatePage = Page(DeviceState);
export const DeviceStateQuery = Type.Object(
  {
    ...ListQuery.properties,
    status: Type.Optional(
      Type.String({ maxLength: 100, description: 'One status or several, comma-separated.' }),
    ),
    site: Type.Optional(Reference),
    area: Type.Optional(Reference),
    q: Type.Optional(Type.String({ maxLength: 100, description: 'Part of a slug or name.' })),
    retired: Type.Optional(Retired),
  },
  closed,
);

export const historyResolutions = ['raw', '5m', '1h', '1d'] as const;
export type HistoryResolution = (typeof historyResolutions)[number];

export const HistoryQuery = Type.Object(
  {
    hours: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: historyHoursMax, default: 24 })),
    resolution: Type.Optional(
      Type.Enum([...historyResolutions], {
        description: 'Default: raw while it is kept, or else the finest rollup that fits.',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: historyLimitMax, default: historyLimitDefault }),
    ),
    until: Type.Optional({
      ...Timestamp,
      maxLength: 40,
      description: 'The end of the window of `hours`; default: now.',
    }),
    cursor: Type.Optional(Type.String({ maxLength: 512 })),
    tenant_id: Type.Optional({
      ...Reference,
      description: 'Needed when the same device id exists in several organizations.',
    }),
  },
  closed,
);

export const StatusQuery = Type.Object({ tenant_id: Type.Optional(Reference) }, closed);

const Summary = Type.Object({
  count: Type.Integer(),
  min: Type.Number(),
  max: Type.Number(),
  avg: Type.Number(),
  last: Type.Number(),
});

export const HistoryPoint = Type.Object({
  at: Timestamp,
  count: Type.Optional(Type.Integer({ description: 'Heartbeats in this bucket (rollups only).' })),
  status: Type.Optional(Type.String()),
  app_version: Type.Optional(Nullable(Type.String())),
  sent_at: Type.Optional(Nullable(Timestamp)),
  sequence: Type.Optional(Nullable(Type.Integer())),
  values: Type.Record(Type.String(), Type.Union([Type.Number(), Summary])),
  metrics: Type.Optional(Type.Record(Type.String(), Type.Union([Type.Number(), Summary]))),
});
export type HistoryPoint = Static<typeof HistoryPoint>;

export const History = Type.Object({
  device_id: DeviceSlug,
  tenant_id: Slug,
  from: Timestamp,
  to: Timestamp,
  resolution: Type.Enum([...historyResolutions]),
  data: Type.Array(HistoryPoint),
  next_cursor: Nullable(Type.String()),
});

/** The longest stretch one timeline shows. */
export const timelineHoursMax = 24 * 400;
export const HeartbeatListQuery = Type.Object(
  {
    ...ListQuery.properties,
    until: Type.Optional({
      ...Timestamp,
      maxLength: 40,
      description: 'Only heartbeats before this instant; default: now.',
    }),
  },
  closed,
);
export const StoredHeartbeat = Type.Object({
  at: {
    ...Timestamp,
    description: 'Time of receipt; a late one is listed at the time it was due. A retry is stored once.',
  },
  sent_at: Nullable({ ...Timestamp, description: "The device's own time." }),
  skew_ms: Nullable(Type.Integer({ description: "The device's clock minus ours." })),
  sequence: Nullable(Type.Integer()),
  status: Type.String({ description: "The device's own word." }),
  app_version: Nullable(Type.String()),
});
export type StoredHeartbeat = Static<typeof StoredHeartbeat>;
export const HeartbeatPage = Page(StoredHeartbeat);

export const TimelineQuery = Type.Object(
  {
    hours: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: timelineHoursMax, default: 24 })),
    until: Type.Optional({
      ...Timestamp,
      maxLength: 40,
      description: 'The end of the window; default: now.',
    }),
  },
  closed,
);
export const TimelineSpan = Type.Object({
  from: Timestamp,
  to: Timestamp,
  status: Nullable({ ...DeviceStatus, description: 'null: not recorded.' }),
});
export type TimelineSpan = Static<typeof TimelineSpan>;
export const Timeline = Type.Object({
  from: Timestamp,
  to: Timestamp,
  spans: Type.Array(TimelineSpan, { description: 'Oldest first, without gaps.' }),
  truncated: Type.Boolean({
    description: 'There are more changes than one answer holds: the oldest are missing.',
  }),
});
export type Timeline = Static<typeof Timeline>;

export const eventOutcomes = ['success', 'failure'] as const;

export const BusinessEvent = Type.Object(
  {
    id: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 128,
        pattern: printable,
        description: 'An id that comes twice counts once.',
      }),
    ),
    type: Type.String({ pattern: '^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*$', maxLength: 64 }),
    outcome: Type.Enum([...eventOutcomes]),
    site: { ...Reference, description: 'Slug or id.' },
    device: Type.Optional(Reference),
    area: Type.Optional(Reference),
    route: Type.Optional(Type.String({ maxLength: 256, pattern: printable })),
    user_ref: Type.Optional(
      Type.String({
        maxLength: 128,
        pattern: printable,
        description: 'Your own key for the person, not a name.',
      }),
    ),
    amount: Type.Optional(Measure),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
    occurred_at: Type.Optional({ ...Timestamp, maxLength: 40, description: 'Default: the time of receipt.' }),
  },
  closed,
);
export type BusinessEvent = Static<typeof BusinessEvent>;

/** One item or an array of them. */
export function OneOrMany<T extends TSchema>(item: T, itemsMax: number) {
  return Type.Union([item, Type.Array(item, { minItems: 1, maxItems: itemsMax })], {
    description: `One, or an array of up to ${itemsMax}. In an array each item has its own result.`,
  });
}

export const ItemReceipts = Type.Object({
  accepted: Type.Integer(),
  duplicates: Type.Integer(),
  rejected: Type.Integer(),
  results: Type.Array(
    Type.Object({
      index: Type.Integer(),
      id: Nullable(Type.String()),
      accepted: Type.Boolean(),
      duplicate: Type.Boolean(),
      error: Type.Optional(ItemError),
    }),
  ),
});

export { metricTypes };
/** The source of a metric that names none. */
export const unnamedSource = 'unnamed';
const MetricWord = Type.String({ minLength: 1, maxLength: 64, pattern: printable });

export const CustomMetric = Type.Object(
  {
    metric_type: Type.Enum([...metricTypes], { description: 'In any case.' }),
    metric_category: MetricWord,
    metric_name: MetricWord,
    value: Measure,
    unit: Type.String({ maxLength: 32, pattern: printable }),
    source: Type.Optional({
      ...MetricWord,
      description: `The measured thing; default: "${unnamedSource}".`,
    }),
    endpoint: Type.Optional(Type.String({ maxLength: 256, pattern: printable })),
    site: Type.Optional(Reference),
    device: Type.Optional(Reference),
    tags: Type.Optional(
      Type.Record(MetricName, Type.String({ maxLength: 128, pattern: printable }), {
        maxProperties: 16,
        additionalProperties: false,
      }),
    ),
    at: Type.Optional({ ...Timestamp, maxLength: 40, description: 'Default: the time of receipt.' }),
  },
  closed,
);
export type CustomMetric = Static<typeof CustomMetric>;

export const MetricQuery = Type.Object(
  {
    ...ListQuery.properties,
    metric_name: Type.Optional(MetricWord),
    metric_type: Type.Optional(Type.Enum([...metricTypes])),
    metric_category: Type.Optional(MetricWord),
    source: Type.Optional(MetricWord),
    site: Type.Optional(Reference),
    device: Type.Optional(Reference),
    since: Type.Optional(Timestamp),
    until: Type.Optional(Timestamp),
  },
  closed,
);

export const StoredMetric = Type.Object({
  id: Id,
  metric_type: Type.Enum([...metricTypes]),
  metric_category: Type.String(),
  metric_name: Type.String(),
  value: Type.Number(),
  unit: Type.String(),
  source: Type.String(),
  endpoint: Nullable(Type.String()),
  site: Nullable(DeviceSlug),
  device: Nullable(DeviceSlug),
  tags: Nullable(Type.Record(Type.String(), Type.String())),
  at: Timestamp,
  received_at: Timestamp,
});
export const MetricPage = Page(StoredMetric);
