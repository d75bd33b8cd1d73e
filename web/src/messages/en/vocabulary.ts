import type {
  AlertStatus,
  DeviceStatus,
  Permission,
  Role,
  Severity,
  SuppressionReason,
} from '@watchkeeper/contracts';
import type { AlertTransitionKind } from '@watchkeeper/contracts/alerting';
import type { Weekday } from '@watchkeeper/contracts/inventory';

export const deviceStatus: Record<DeviceStatus, string> = {
  online: 'Online',
  degraded: 'Degraded',
  unresponsive: 'Unresponsive',
  offline: 'Offline',
  unknown: 'Unknown',
  maintenance: 'Maintenance',
};

const deviceStatusMeaning: Record<DeviceStatus, string> = {
  online: 'Its heartbeats arrive and report that it works.',
  degraded: 'It is alive but reports trouble.',
  unresponsive: 'Our checks get no answer.',
  offline: 'Confirmed: no heartbeat past the limit.',
  unknown: 'We cannot tell: nothing was received, or the source is stale.',
  maintenance: 'In a maintenance window; alerts are muted.',
};

const severity: Record<Severity, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
};

const alertStatus: Record<AlertStatus, string> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
};

const suppressedBy: Record<SuppressionReason, string> = {
  maintenance: 'Muted by maintenance',
  dependency: 'Follows from another alert',
  silence: 'Silenced',
  outage_of_ours: 'Held back: the fault may be ours',
  storm: 'Held back: part of a storm',
};

const transition: Record<AlertTransitionKind, string> = {
  opened: 'Opened',
  acknowledged: 'Acknowledged',
  unacknowledged: 'No longer acknowledged',
  resolved: 'Resolved',
  reopened: 'Opened again',
  suppressed: 'Muted',
  unsuppressed: 'No longer muted',
  escalated: 'Escalated',
  recurred: 'Happened again',
};

const role: Record<Role, string> = {
  owner: 'Owner',
  admin: 'Admin',
  operator: 'Operator',
  viewer: 'Viewer',
};

export const permission: Record<Permission, string> = {
  read: 'see everything here',
  'alerts:operate': 'acknowledge and resolve alerts',
  'inventory:write': 'add sites and devices',
  'telemetry:write': 'send heartbeats and figures',
  'rules:write': 'change rules',
  'channels:write': 'change channels',
  'members:write': 'manage members',
  'keys:write': 'manage API keys',
  'organization:write': 'rename the organization',
  'audit:read': 'read the audit log',
  'oncall:write': 'arrange who is on call',
};

const weekday: Record<Weekday, string> = {
  monday: 'Monday',
  tuesday: 'Tuesday',
  wednesday: 'Wednesday',
  thursday: 'Thursday',
  friday: 'Friday',
  saturday: 'Saturday',
  sunday: 'Sunday',
};

/** Known figures of a heartbeat; others are shown under their own names. */
const metric: Record<string, { label: string; unit: string }> = {
  error_rate_5m: { label: 'Error rate, 5 min', unit: '%' },
  request_latency_p95: { label: 'Request latency, p95', unit: 'ms' },
  sync_lag_sec: { label: 'Sync lag', unit: 's' },
  memory_usage: { label: 'Memory', unit: '%' },
  cpu_usage: { label: 'CPU', unit: '%' },
  disk_usage: { label: 'Disk', unit: '%' },
  latency_p95: { label: 'Response time, p95', unit: 'ms' },
  server_errors: { label: 'Error rate', unit: '%' },
};

/** The figures of an alert; others are read from their names. */
const detail: Record<string, string> = {
  silent_seconds: 'Silent for',
  limit_seconds: 'Limit',
  last_seen_at: 'Last heard',
  percent: 'Share',
  threshold_percent: 'Limit',
  threshold: 'Limit',
  matching: 'Matching',
  samples: 'Samples',
  minimum_samples: 'Samples needed',
  window_minutes: 'Window',
  duration_minutes: 'Has to last',
  source: 'Source',
  endpoint: 'Endpoint',
  measurements: 'Measurements in a row',
  grown: 'Grew by',
  resets: 'Began anew',
  per: 'Each',
  transitions: 'Changes of state',
  event_type: 'Event',
  median_per_hour: 'Usual per hour',
  at: 'Measured',
};

/** The subject of a row of the ledger. */
const ledgerTransition: Record<string, string> = {
  opened: 'when it opened',
  acknowledged: 'when it was acknowledged',
  resolved: 'when it was resolved',
  reopened: 'when its resolution was taken back',
  escalated: 'when it escalated',
  unsuppressed: 'when it was no longer muted',
};

export const vocabulary = {
  deviceStatus,
  deviceStatusMeaning,
  severity,
  alertStatus,
  suppressedBy,
  transition,
  role,
  permission,
  /** The same as a name of its own, in tables and beside checkboxes. */
  permissionName: permission,
  weekday,
  metric,
  detail,
  ledgerTransition,
};
