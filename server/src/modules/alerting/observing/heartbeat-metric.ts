import { type HeartbeatMetric, heartbeatMetrics } from '@watchkeeper/contracts';

export function isHeartbeatMetric(metric: string): metric is HeartbeatMetric {
  return (heartbeatMetrics as readonly string[]).includes(metric);
}

/**
 * The number that a rule means by this name. The six standard names always mean the field of the heartbeat, even if the
 * device sends a metric of the same name.
 */
export function metricValue(
  metric: string,
  fields: { readonly [Name in HeartbeatMetric]?: number | null | undefined },
  metrics: Readonly<Record<string, number>> | null | undefined,
): number | null {
  const value = isHeartbeatMetric(metric) ? fields[metric] : metrics?.[metric];
  return typeof value === 'number' ? value : null;
}
