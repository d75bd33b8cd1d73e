import type { Alert } from '@watchkeeper/contracts/alerting';

/** The order of a list of alerts: a change of it moves things. */
export function shapeOfAlerts(alerts: readonly Alert[]): string {
  return alerts.map((alert) => `${alert.id} ${alert.status} ${alert.suppressed_by ?? ''}`).join('\n');
}

/** How many of these are not among those. */
export function arrivedAmong(live: readonly Alert[], shown: readonly Alert[]): number {
  const known = new Set(shown.map((alert) => alert.id));
  return live.filter((alert) => !known.has(alert.id)).length;
}
