/**
 * Settings that can be changed while the server runs. The environment gives the defaults. docs/operations.md explains
 * each.
 */
export type MonitoringGroup = 'intervals' | 'thresholds' | 'retention';

export interface MonitoringSetting {
  readonly env: string;
  readonly group: MonitoringGroup;
  readonly title: string;
  readonly unit: 's' | 'ms' | '%' | 'd';
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  readonly integer?: boolean;
  /** The place in Config: section and field, or a field at the top. */
  readonly at: readonly [string, string] | readonly [string];
}

const interval = (
  env: string,
  title: string,
  fallback: number,
  min: number,
  max: number,
  at: MonitoringSetting['at'],
): MonitoringSetting => ({ env, group: 'intervals', title, unit: 's', fallback, min, max, at });

const share = (env: string, title: string, fallback: number, field: string): MonitoringSetting => ({
  env,
  group: 'thresholds',
  title,
  unit: '%',
  fallback,
  min: 0,
  max: 100,
  at: ['thresholds', field],
});

const days = (
  env: string,
  title: string,
  fallback: number,
  section: string,
  field: string,
): MonitoringSetting => ({
  env,
  group: 'retention',
  title,
  unit: 'd',
  fallback,
  min: 1,
  max: 3650,
  integer: true,
  at: [section, field],
});

/** The API and the form use these names. */
export const monitoringSettings = {
  health_check_interval: interval('HEALTH_CHECK_INTERVAL', 'Health of the services', 30, 1, 86_400, [
    'healthCheckIntervalSeconds',
  ]),
  metric_collection_interval: interval('METRIC_COLLECTION_INTERVAL', 'Measurements', 60, 1, 86_400, [
    'metrics',
    'collectionIntervalSeconds',
  ]),
  alert_check_interval: interval('ALERT_CHECK_INTERVAL', 'Sweep of the rules', 30, 0.2, 3600, [
    'alerting',
    'checkIntervalSeconds',
  ]),
  response_time_threshold: {
    env: 'RESPONSE_TIME_THRESHOLD',
    group: 'thresholds',
    title: 'Response time (p95)',
    unit: 'ms',
    fallback: 1000,
    min: 1,
    max: 600_000,
    at: ['thresholds', 'responseTimeMs'],
  },
  error_rate_threshold: share('ERROR_RATE_THRESHOLD', 'Error rate', 5, 'errorRatePercent'),
  memory_usage_threshold: share('MEMORY_USAGE_THRESHOLD', 'Memory', 85, 'memoryPercent'),
  cpu_usage_threshold: share('CPU_USAGE_THRESHOLD', 'CPU', 80, 'cpuPercent'),
  disk_usage_threshold: share('DISK_USAGE_THRESHOLD', 'Disk', 90, 'diskPercent'),
  heartbeat_offline_seconds: {
    env: 'HEARTBEAT_OFFLINE_SECONDS',
    group: 'thresholds',
    title: 'Silence that counts as offline',
    unit: 's',
    fallback: 120,
    min: 0.5,
    max: 604_800,
    at: ['heartbeat', 'offlineSeconds'],
  },
  sync_lag_warn_seconds: {
    env: 'SYNC_LAG_WARN_SECONDS',
    group: 'thresholds',
    title: 'Sync lag',
    unit: 's',
    fallback: 90,
    min: 0,
    max: 604_800,
    at: ['heartbeat', 'syncLagWarnSeconds'],
  },
  heartbeat_retention_days: days(
    'HEARTBEAT_RETENTION_DAYS',
    'Raw heartbeats',
    7,
    'heartbeat',
    'retentionDays',
  ),
  metrics_retention_days: days(
    'METRICS_RETENTION_DAYS',
    'Measurements and rollups',
    30,
    'metrics',
    'retentionDays',
  ),
  alerts_retention_days: days('ALERTS_RETENTION_DAYS', 'Resolved alerts', 90, 'alerting', 'retentionDays'),
  check_results_retention_days: days(
    'CHECK_RESULTS_RETENTION_DAYS',
    'Single results of checks',
    30,
    'checks',
    'resultsRetentionDays',
  ),
} as const satisfies Record<string, MonitoringSetting>;

export type MonitoringName = keyof typeof monitoringSettings;
export type MonitoringValues = Partial<Record<MonitoringName, number>>;

/** Safe because the object above has exactly these keys. */
export const monitoringNames = Object.keys(monitoringSettings) as MonitoringName[];

/** The fault in `value`, in words; undefined when there is none. */
export function mistakeIn(name: MonitoringName, value: number): string | undefined {
  const { min, max, integer = false }: MonitoringSetting = monitoringSettings[name];
  const isRight =
    Number.isFinite(value) && value >= min && value <= max && (!integer || Number.isInteger(value));
  return isRight ? undefined : `must be ${integer ? 'a whole number' : 'a number'} from ${min} to ${max}`;
}

type Nested = Readonly<Record<string, unknown>>;

export function readSetting(config: object, name: MonitoringName): number {
  const [section, field]: readonly string[] = monitoringSettings[name].at;
  // Safe because `at` names a number in Config. The contract test reads every one.
  const outer = (config as Nested)[section ?? ''];
  return Number(field === undefined ? outer : (outer as Nested)[field]);
}

/** The config with these values instead of its own. */
export function withSettings<C extends object>(config: C, values: MonitoringValues): C {
  // Safe because only existing numbers are replaced.
  let next = { ...config } as Nested;
  for (const name of monitoringNames) {
    const value = values[name];
    const [section, field]: readonly string[] = monitoringSettings[name].at;
    if (value === undefined || section === undefined) continue;
    next = {
      ...next,
      [section]: field === undefined ? value : { ...(next[section] as Nested), [field]: value },
    };
  }
  // Safe for the same reason.
  return next as C;
}
