import type { ServiceName, ServiceStatus } from '@watchkeeper/contracts/operations';

const figures = new Intl.NumberFormat('en');
const list = new Intl.ListFormat('en');
const plural = new Intl.PluralRules('en');

function count(n: number, one: string, many: string): string {
  return `${figures.format(n)} ${plural.select(n) === 'one' ? one : many}`;
}

const serviceStatus: Record<ServiceStatus, string> = { pass: 'Works', warn: 'Needs a look', fail: 'Fails' };
const service: Record<ServiceName, { title: string; observed: (value: string, unit: string) => string }> = {
  database: { title: 'Database', observed: (value, unit) => `Answers in ${value} ${unit}.` },
  intake: { title: 'Intake of heartbeats', observed: (value) => `No gap for ${value}.` },
  detection: { title: 'Detection', observed: (value) => `The rules were swept ${value} s ago.` },
  jobs: { title: 'Background jobs', observed: (value) => `${value} waiting.` },
  checks: { title: 'Checks', observed: (value) => `At most ${value} s late.` },
  hosts: { title: 'Hosts', observed: (value) => `${value} measured, all within their limits.` },
};

/** Watchkeeper watched by itself. */
export const systemEn = {
  title: 'System',
  sentence: (names: readonly string[]) =>
    names.length === 0 ? 'Watchkeeper is in good order.' : `${list.format(names)}: this needs a look.`,
  databaseOf: (size: string) => `Database ${size}`,
  waitingJobs: (n: number) => (n === 0 ? 'No job waits' : `${count(n, 'job waits', 'jobs wait')}`),
  notYours: 'Hosts, database and settings belong to the installation’s first organization.',

  services: 'Services of Watchkeeper itself',
  service,
  serviceStatus,
  sinceFor: (duration: string) => `for ${duration}`,
  serviceFormula:
    'Available is the time it worked (or only needed a look) divided by the time that is known. Time in which nobody looked counts for neither.',
  uptimeOver: { '24h': '24 hours', '7d': '7 days', '30d': '30 days', '90d': '90 days' },
  historyOf: (name: string) => `History of ${name}`,
  unknown: 'Not known',
  nobodyLooked: 'Nobody looked',
  from: 'From',
  status: 'State',
  why: 'Why',

  range: 'Time shown',
  ranges: { '1h': '1 hour', '24h': '24 hours', '7d': '7 days', '30d': '30 days' },
  latestOf: (latest: string, low: string, high: string) => `Now ${latest} · from ${low} to ${high}`,
  limit: (value: string) => `Limit ${value}`,
  metric: {
    cpu_usage: 'CPU',
    memory_usage: 'Memory',
    disk_usage: 'Disk',
    network_rx_bytes_per_sec: 'Network, received',
    statement_p95_ms: 'Time of statements (p95)',
    database_connections: 'Connections',
    database_size_bytes: 'Size',
    statements_per_second: 'Statements per second',
    jobs_waiting: 'Jobs waiting',
    check_lateness_p99_seconds: 'Lateness of checks (p99)',
  },

  host: (name: string) => `Host ${name}`,
  noHosts: 'No host has been measured yet.',
  noHostsText: 'The first measurement comes within a few seconds of the start, the next ones once a minute.',
  diskFree: 'Disk free',
  memoryTotal: 'Memory in all',
  load: 'Load (1 min)',
  processMemory: 'Memory of this process',
  loopDelay: 'Delay of its event loop (p99)',

  ownRequests: (host: string) => `Requests to Watchkeeper on ${host}`,
  requestsOf: (source: string) => `Requests to ${source}`,
  perMinute: 'requests per minute',
  perMinuteUnit: '/min',
  throughput: 'Throughput',
  responseTime: 'Response time (p95)',
  errorRate: 'Errors',
  routes: 'Routes',
  route: 'Route',
  requests: 'Requests',
  requestsFormula:
    'Errors are answers of 500 and above, divided by all. Percentiles are taken per minute and weighted with their requests.',

  database: 'Database',
  size: 'Size',
  connections: 'Connections',
  ofMost: (n: number, most: number) => `${figures.format(n)} of ${figures.format(most)}`,
  active: 'Active',
  idleInTransaction: 'Idle in a transaction',
  locks: 'Locks',
  locksWaiting: (all: number, waiting: number) =>
    `${figures.format(all)}, ${figures.format(waiting)} waiting`,
  deadlocks: 'Deadlocks so far',
  longestQuery: 'Longest query now',
  longestTransaction: 'Longest transaction now',
  cacheHits: 'Found in memory',
  largestTables: 'Largest tables',
  table: 'Table',
  rows: 'Rows, about',

  queue: 'Queue and lateness',
  jobsWaiting: 'Jobs waiting',
  jobsRunning: 'Jobs running',
  jobsOldest: 'The oldest waits',
  periodic: 'Work that comes round',
  work: 'Work',
  finished: 'Finished',
  notYet: 'Not yet',
  workFine: 'On time',
  workLate: (seconds: number) => `${figures.format(seconds)} s late`,
  workFailed: 'Failed the last time',

  agents: 'Agents',
  noAgents: 'No device reports figures of its host. The agent does.',
  device: 'Device',
  heard: 'Heard',
  agentsCut: (n: number) => `The first ${figures.format(n)} are shown; the list of devices has all.`,

  settings: 'Monitoring settings',
  settingsText:
    'They hold for the whole installation and take effect at once, without a restart. The environment is their default.',
  settingsOwners: 'Owners of the installation’s first organization can change them.',
  group: { intervals: 'How often', thresholds: 'Limits', retention: 'How long it is kept' },
  setting: {
    health_check_interval: 'Health of the services',
    metric_collection_interval: 'Measurements',
    alert_check_interval: 'Sweep of the rules',
    response_time_threshold: 'Response time (p95)',
    error_rate_threshold: 'Error rate',
    memory_usage_threshold: 'Memory',
    cpu_usage_threshold: 'CPU',
    disk_usage_threshold: 'Disk',
    heartbeat_offline_seconds: 'Silence that counts as offline',
    sync_lag_warn_seconds: 'Sync lag',
    heartbeat_retention_days: 'Raw heartbeats',
    metrics_retention_days: 'Measurements and rollups',
    alerts_retention_days: 'Resolved alerts',
    check_results_retention_days: 'Single results of checks',
  },
  setBy: (who: string, when: string) => `Set by ${who}, ${when}`,
  fromEnvironment: (variable: string) => `From the environment: ${variable}`,
  isDefault: (variable: string) => `Default (${variable} is not set)`,
  putBack: (value: string) => `Back to ${value}`,
  putBackOf: (title: string, value: string) => `${title}: back to ${value}`,
  wholeFrom: (min: number, max: number) =>
    `A whole number from ${figures.format(min)} to ${figures.format(max)}.`,
  numberFrom: (min: number, max: number) => `A number from ${figures.format(min)} to ${figures.format(max)}.`,
  save: 'Save',
  discard: 'Discard',
  saved: 'Saved. Every process follows.',
  nothingChanged: 'Nothing has been changed.',
};
