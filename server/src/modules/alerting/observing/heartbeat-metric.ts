import { type HeartbeatMetric, heartbeatMetrics } from '@watchkeeper/contracts';

export function isHeartbeatMetric(metric: string): metric is HeartbeatMetric {
  return (heartbeatMetrics as readonly string[]).includes(metric);
}

/** The number that a rule means by this name: a name of the six is the field, whatever the device calls by it. */
export function metricValue(
  metric: string,
  fields: { readonly [Name in HeartbeatMetric]?: number | null | undefined },
  metrics: Readonly<Record<string, number>> | null | undefined,
): number | null {
  const value = isHeartbeatMetric(metric) ? fields[metric] : metrics?.[metric];
  return typeof value === 'number' ? value : null;
}
