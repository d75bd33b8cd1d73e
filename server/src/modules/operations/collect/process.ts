import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from '#platform/metrics';

const resolutionMs = 20;
const perMs = 1e6;

/** The resources that this process used since the previous call. */
export function createProcessSampler(metrics: Pick<Metrics, 'registry'>) {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let cpu = process.cpuUsage();
  let at = performance.now();
  let lateness = new Map<number, number>();
  return {
    async read(): Promise<Record<string, readonly [number, string]>> {
      const used = process.cpuUsage(cpu);
      const ms = performance.now() - at;
      cpu = process.cpuUsage();
      at = performance.now();
      // The histogram includes its own timer's period, so subtract it.
      const loopMs = delay.count === 0 ? 0 : Math.max(0, delay.percentile(99) / perMs - resolutionMs);
      delay.reset();
      const now = await latenessBuckets(metrics);
      const late = quantileOfDelta(lateness, now, 0.99);
      lateness = now;
      return {
        process_rss_bytes: [process.memoryUsage.rss(), 'B'],
        process_cpu_percent: [ms <= 0 ? 0 : (used.user + used.system) / 10 / ms, '%'],
        event_loop_delay_p99_ms: [loopMs, 'ms'],
        ...(late === undefined ? {} : { check_lateness_p99_seconds: [late, 's'] }),
      };
    },
    stop: () => delay.disable(),
  };
}

/** The number of checks that started at most this late, from the histogram of the checks module. */
async function latenessBuckets({ registry }: Pick<Metrics, 'registry'>): Promise<Map<number, number>> {
  const metric = await registry.getSingleMetric('watchkeeper_check_lateness_seconds')?.get();
  const buckets = new Map<number, number>();
  for (const { labels, value } of metric?.values ?? []) {
    const bound =
      'le' in labels ? Number(labels.le === '+Inf' ? Number.POSITIVE_INFINITY : labels.le) : Number.NaN;
    if (!Number.isNaN(bound)) buckets.set(bound, value);
  }
  return buckets;
}

/**
 * The bucket bound for this quantile of the values that were added between the two readings; undefined when none were
 * added.
 */
export function quantileOfDelta(
  before: ReadonlyMap<number, number>,
  now: ReadonlyMap<number, number>,
  share: number,
): number | undefined {
  const bounds = [...now.keys()].sort((a, b) => a - b);
  const added = (bound: number) => (now.get(bound) ?? 0) - (before.get(bound) ?? 0);
  const all = added(bounds.at(-1) ?? 0);
  if (all <= 0) return undefined;
  const found = bounds.find((bound) => added(bound) >= all * share);
  const largest = bounds.findLast((bound) => Number.isFinite(bound));
  return found !== undefined && Number.isFinite(found) ? found : largest;
}
