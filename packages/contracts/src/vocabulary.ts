/** The frozen words of the house: the same in code, API and UI. See docs/architecture.md. */

export const deviceStatuses = [
  'online',
  'degraded',
  'unresponsive',
  'offline',
  'unknown',
  'maintenance',
] as const;
export type DeviceStatus = (typeof deviceStatuses)[number];

export const alertStatuses = ['open', 'acknowledged', 'resolved'] as const;
export type AlertStatus = (typeof alertStatuses)[number];

/** Coming: nothing mutes an alert for one of these yet. They are in the contract, so that clients can already read them. */
export const suppressionReasonsToCome = ['silence', 'outage_of_ours', 'storm'] as const;
export const suppressionReasons = ['maintenance', 'dependency', ...suppressionReasonsToCome] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];
/** Those that alerts are muted for today. */
export type SuppressionReasonInUse = Exclude<SuppressionReason, (typeof suppressionReasonsToCome)[number]>;

/** Heaviest first; the index is the rank. */
export const severities = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];

export const roles = ['owner', 'admin', 'operator', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** Permissions of a credential. Roles are sets of these; API keys list them as scopes. */
export const permissions = [
  'read',
  'alerts:operate',
  'inventory:write',
  'telemetry:write',
  'rules:write',
  'channels:write',
  'members:write',
  'keys:write',
  'organization:write',
  'audit:read',
  'oncall:write',
] as const;
export type Permission = (typeof permissions)[number];

export const rolePermissions: Record<Role, readonly Permission[]> = {
  viewer: ['read'],
  operator: ['read', 'alerts:operate', 'telemetry:write'],
  admin: permissions.filter((permission) => permission !== 'organization:write'),
  owner: permissions,
};

export const notificationStatuses = ['pending', 'sent', 'not_sent', 'failed'] as const;
export type NotificationStatus = (typeof notificationStatuses)[number];

export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

/** True when `severity` is at least as heavy as `floor`. */
export function isAtLeast(severity: Severity, floor: Severity): boolean {
  return severityRank(severity) <= severityRank(floor);
}

/** How soon an incident needs somebody, most urgent first. */
export const priorities = ['P1', 'P2', 'P3', 'P4', 'P5'] as const;
export type Priority = (typeof priorities)[number];

/** What the priority of an incident is computed from. */
export const priorityInputNames = [
  'severity',
  'sites',
  'areas',
  'opening_hours',
  'people',
  'bookings',
] as const;
export type PriorityInputName = (typeof priorityInputNames)[number];

/** What happens to an incident. Each is a line of its timeline. */
export const incidentTransitionKinds = [
  'opened',
  'joined',
  'recovered',
  'worsened',
  'muted',
  'unmuted',
  'acknowledged',
  'unacknowledged',
  'assigned',
  'commented',
  'snoozed',
  'snooze_ended',
  'merged',
  'split',
  'resolved',
  'reopened',
  'flapping',
  'steadied',
  'escalated',
  'verdict_changed',
  'priority_changed',
  'renamed',
  'noted',
  'linked',
  'responded',
] as const;
export type IncidentTransitionKind = (typeof incidentTransitionKinds)[number];

/** What probably happened to a site. */
export const verdictKinds = [
  'potential_power_loss',
  'network_outage',
  'partial_failure',
  'source_outage',
  'our_outage',
] as const;
export type VerdictKind = (typeof verdictKinds)[number];

/** What alerts must share to join one incident. `label:<name>` is allowed as well. */
export const groupings = ['site', 'area', 'dependency', 'rule_type', 'none'] as const;
export type Grouping = (typeof groupings)[number] | `label:${string}`;

/** How an alert came into its incident. */
export const joinedHows = [
  'first',
  'window',
  'recurrence',
  'dependency',
  'merge',
  'split',
  'adopted',
] as const;
export type JoinedHow = (typeof joinedHows)[number];

/** Secrets are never answered; this stands in their place, and sent back it keeps them. */
export const keptSecret = '***';

export const metricTypes = ['SYSTEM', 'PERFORMANCE', 'BUSINESS'] as const;
