import Type, { type Static } from 'typebox';
import { Alert, AlertBody, AlertQuery, ResolveBody } from './alerting.ts';
import { Duration, Nullable, Timestamp } from './common.ts';
import { Rule, RuleQuery, RuleWrite } from './rules.ts';
import { severities } from './vocabulary.ts';

const closed = { additionalProperties: false } as const;

const Org = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 63,
    description:
      'Slug or id of the organization. Default: the only one that the credential reaches, or else the first one of the installation (BOOTSTRAP_ORG).',
  }),
);

export const OperationsQuery = Type.Object({ org: Org }, closed);

export const ServiceStatus = Type.Enum(['pass', 'warn', 'fail']);
export type ServiceStatus = Static<typeof ServiceStatus>;

export const serviceNames = ['database', 'intake', 'detection', 'jobs', 'checks', 'hosts'] as const;
export type ServiceName = (typeof serviceNames)[number];

const serviceFields = {
  service: Type.Enum([...serviceNames]),
  title: Type.String(),
  status: ServiceStatus,
  output: Nullable(Type.String({ description: 'In words, when there is something to say.' })),
  observed_value: Nullable(Type.Number()),
  observed_unit: Nullable(Type.String()),
  since: Nullable({
    ...Timestamp,
    description: 'Since when it has been in this state, as far as it was measured.',
  }),
};
export const OwnService = Type.Object(serviceFields);
export type OwnService = Static<typeof OwnService>;

export const AlertCounts = Type.Object({
  open: Type.Record(Type.Enum([...severities]), Type.Integer()),
  acknowledged: Type.Integer(),
  suppressed: Type.Integer(),
});
export type AlertCounts = Static<typeof AlertCounts>;

export const SystemStatus = Type.Object({
  status: ServiceStatus,
  summary: Type.String(),
  tenant_id: Type.String(),
  checked_at: Timestamp,
  services: Type.Array(OwnService),
  alerts: AlertCounts,
});
export type SystemStatus = Static<typeof SystemStatus>;

export const systemHoursMax = 24 * 90;
export const SystemHealthQuery = Type.Object(
  {
    org: Org,
    hours: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: systemHoursMax, default: 24 })),
  },
  closed,
);
export const uptimeWindowNames = ['24h', '7d', '30d', '90d'] as const;
export const OwnUptime = Type.Object({
  window: Type.Enum([...uptimeWindowNames]),
  from: Timestamp,
  available_percent: Nullable(Type.Number({ description: 'null: there is no data for this time.' })),
  up_seconds: Type.Number(),
  down_seconds: Type.Number(),
  unknown_seconds: Type.Number(),
});
export const SystemHealth = Type.Object({
  ...serviceFields,
  service: Type.String({ description: 'A service of Watchkeeper, or the slug of a check.' }),
  check: Nullable(Type.String({ description: 'Its slug, if the service is a check.' })),
  from: Timestamp,
  to: Timestamp,
  history: Type.Array(
    Type.Object({
      from: Timestamp,
      to: Timestamp,
      status: Nullable({ ...ServiceStatus, description: 'null: nobody looked.' }),
      output: Nullable(Type.String()),
    }),
    { description: 'Oldest first, without gaps.' },
  ),
  truncated: Type.Boolean({
    description: 'There are more changes than one answer holds: the oldest are missing.',
  }),
  uptime: Type.Array(OwnUptime),
  formula: Type.String(),
});
export type SystemHealth = Static<typeof SystemHealth>;

export const metricHoursMax = 24 * 31;
export const MetricsQuery = Type.Object(
  {
    org: Org,
    hours: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: metricHoursMax, default: 1 })),
  },
  closed,
);

const Span = { from: Timestamp, to: Timestamp, step_seconds: Type.Number() };
export const MeasuredPoint = Type.Object({ at: Timestamp, avg: Type.Number(), max: Type.Number() });
export type MeasuredPoint = Static<typeof MeasuredPoint>;
export const MeasuredSeries = Type.Object({
  metric: Type.String(),
  unit: Type.String(),
  latest: Type.Number(),
  latest_at: Timestamp,
  points: Type.Array(MeasuredPoint, {
    description: 'Oldest first; steps without measurements are missing.',
  }),
});
export type MeasuredSeries = Static<typeof MeasuredSeries>;

export const MeasuredHost = Type.Object({
  source: Type.String(),
  /** By name: cpu_usage, memory_usage, disk_usage, network_rx_bytes_per_sec, ... */
  series: Type.Array(MeasuredSeries),
});
export const AgentFigures = Type.Object({
  device_id: Type.String(),
  name: Type.String(),
  store_id: Type.String(),
  cpu_usage: Nullable(Type.Number()),
  memory_usage: Nullable(Type.Number()),
  disk_usage: Nullable(Type.Number()),
  network_rx_bytes_per_sec: Nullable(Type.Number()),
  network_tx_bytes_per_sec: Nullable(Type.Number()),
  last_seen_at: Nullable(Timestamp),
  fresh: Type.Boolean(),
});
export type AgentFigures = Static<typeof AgentFigures>;

export const DatabaseFigures = Type.Object({
  size_bytes: Type.Number(),
  connections: Type.Integer(),
  connections_max: Type.Integer(),
  connections_active: Type.Integer(),
  idle_in_transaction: Type.Integer(),
  waiting_for_locks: Type.Integer(),
  locks: Type.Integer(),
  locks_waiting: Type.Integer(),
  deadlocks: Type.Integer({ description: 'Since the statistics were last reset.' }),
  longest_query_seconds: Type.Number(),
  longest_transaction_seconds: Type.Number(),
  cache_hit_percent: Nullable(Type.Number()),
  largest_tables: Type.Array(
    Type.Object({ name: Type.String(), bytes: Type.Number(), rows_estimate: Type.Number() }),
  ),
});
export type DatabaseFigures = Static<typeof DatabaseFigures>;

export const QueueFigures = Type.Object({
  waiting: Type.Integer(),
  active: Type.Integer(),
  oldest_seconds: Type.Number({ description: 'How long the oldest waiting job has been due.' }),
  queues: Type.Array(Type.Object({ name: Type.String(), waiting: Type.Integer(), active: Type.Integer() })),
  failed: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.String(),
        count: Type.Integer(),
        newest_at: Timestamp,
        error: Nullable(Type.String({ description: 'The error of the last try.' })),
      }),
      {
        description:
          'Jobs that failed for good, kept for 14 days: `watchkeeper jobs retry` tries them again.',
      },
    ),
  ),
});
export const WorkFigures = Type.Object({
  name: Type.String(),
  due_at: Timestamp,
  finished_at: Nullable(Timestamp),
  late_seconds: Type.Number(),
  last_error: Nullable(Type.String()),
});
export type QueueFigures = Static<typeof QueueFigures>;
export type WorkFigures = Static<typeof WorkFigures>;

export const Infrastructure = Type.Object({
  ...Span,
  tenant_id: Type.String(),
  installation: Nullable(
    Type.Object(
      {
        hosts: Type.Array(MeasuredHost),
        database: Type.Object({ now: Nullable(DatabaseFigures), series: Type.Array(MeasuredSeries) }),
        queue: Type.Object({ now: Nullable(QueueFigures), series: Type.Array(MeasuredSeries) }),
        checks: Type.Array(MeasuredSeries),
        periodic: Type.Array(WorkFigures),
      },
      {
        description:
          'Of the installation itself; null for all organizations but its first one, which alone may see it.',
      },
    ),
  ),
  agents: Type.Array(AgentFigures, { description: 'Devices whose heartbeats carry figures of their host.' }),
  agents_truncated: Type.Boolean(),
});
export type Infrastructure = Static<typeof Infrastructure>;

const figures = {
  requests: Type.Number(),
  requests_per_minute: Type.Number(),
  client_error_percent: Type.Number(),
  server_error_percent: Type.Number(),
  p50_ms: Type.Number(),
  p95_ms: Type.Number(),
  p99_ms: Type.Number(),
};
export const RouteFigures = Type.Object({ endpoint: Type.String(), ...figures });
export type RouteFigures = Static<typeof RouteFigures>;
export const PerformancePoint = Type.Object({ at: Timestamp, ...figures });
export const PerformanceSource = Type.Object({
  source: Type.String(),
  overall: Type.Object(figures),
  points: Type.Array(PerformancePoint),
  routes: Type.Array(RouteFigures, { description: 'The busiest first.' }),
});
export type PerformanceSource = Static<typeof PerformanceSource>;
export const Performance = Type.Object({
  ...Span,
  tenant_id: Type.String(),
  formula: Type.String(),
  sources: Type.Array(PerformanceSource),
  statements: Type.Array(MeasuredSeries, { description: "Times of Watchkeeper's own database statements." }),
});
export type Performance = Static<typeof Performance>;

export const OperationsAlertQuery = Type.Object({ ...AlertQuery.properties, org: Org }, closed);
export const OperationsAlertBody = Type.Object({ ...AlertBody.properties, org: Org }, closed);
const { reason, ...besideReason } = ResolveBody.properties;
export const OperationsResolveBody = Type.Object(
  { resolution: { ...reason, description: 'Why it is over; `reason` is accepted too.' }, ...besideReason },
  closed,
);

export const OperationsRuleQuery = Type.Object({ ...RuleQuery.properties, org: Org }, closed);
export const OperationsRuleBody = Type.Object({ ...RuleWrite.properties, org: Org }, closed);

export const MonitoringSetting = Type.Object({
  name: Type.String(),
  variable: Type.String({ description: 'The environment variable that is its default.' }),
  group: Type.Enum(['intervals', 'thresholds', 'retention']),
  title: Type.String(),
  unit: Type.Enum(['s', 'ms', '%', 'd']),
  value: Type.Number({ description: 'In force now, in every process.' }),
  environment_value: Type.Number({ description: 'The value after a reset.' }),
  min: Type.Number(),
  max: Type.Number(),
  integer: Type.Boolean(),
  source: Type.Enum(['default', 'environment', 'set']),
  set_at: Nullable(Timestamp),
  set_by: Nullable(Type.String()),
  origin: Type.String({ description: 'Where the value comes from, in words.' }),
});
export type MonitoringSetting = Static<typeof MonitoringSetting>;

export const MonitoringConfig = Type.Object({
  settings: Type.Array(MonitoringSetting),
  editable: Type.Boolean({ description: 'Whether this credential may change them.' }),
});
export type MonitoringConfig = Static<typeof MonitoringConfig>;

const Seconds = Nullable(Duration);
const Figure = Nullable(Type.Number());
/** null sets a setting back to the environment; settings that are not sent stay. */
export const MonitoringChange = Type.Object(
  {
    health_check_interval: Type.Optional(Seconds),
    metric_collection_interval: Type.Optional(Seconds),
    alert_check_interval: Type.Optional(Seconds),
    response_time_threshold: Type.Optional(Figure),
    error_rate_threshold: Type.Optional(Figure),
    memory_usage_threshold: Type.Optional(Figure),
    cpu_usage_threshold: Type.Optional(Figure),
    disk_usage_threshold: Type.Optional(Figure),
    heartbeat_offline_seconds: Type.Optional(Seconds),
    sync_lag_warn_seconds: Type.Optional(Seconds),
    heartbeat_retention_days: Type.Optional(Figure),
    metrics_retention_days: Type.Optional(Figure),
    alerts_retention_days: Type.Optional(Figure),
    check_results_retention_days: Type.Optional(Figure),
  },
  { ...closed, minProperties: 1 },
);
export type MonitoringChange = Static<typeof MonitoringChange>;

export const Dashboard = Type.Object({
  status: SystemStatus,
  infrastructure: Infrastructure,
  performance: Performance,
  alerts: Type.Array(Alert, {
    description: 'Open and acknowledged, the most severe first; only the first few.',
  }),
  rules: Type.Object({ enabled: Type.Integer(), all: Type.Integer() }),
  config: Nullable(MonitoringConfig),
});
export type Dashboard = Static<typeof Dashboard>;

export const OperationsRulePage = Type.Object({
  data: Type.Array(Rule),
  next_cursor: Nullable(Type.String()),
});
