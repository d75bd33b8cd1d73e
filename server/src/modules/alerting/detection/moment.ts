import type { Config } from '#config';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { readWatch } from '#platform/watch';
import type { EnvironmentLimits, Moment } from '../judgement.ts';
import { type DetectionState, readDetectionState } from './detection-store.ts';
import { isPaused, pausedReason } from './outage-guard.ts';

/** Always current: a changed setting counts from the next judgement on. */
export function environmentLimits(config: Config): EnvironmentLimits {
  return {
    get offlineSeconds() {
      return config.heartbeat.offlineSeconds;
    },
    get thresholds() {
      const { thresholds, heartbeat } = config;
      return {
        sync_lag_sec: heartbeat.syncLagWarnSeconds,
        error_rate_5m: thresholds.errorRatePercent,
        server_errors: thresholds.errorRatePercent,
        request_latency_p95: thresholds.responseTimeMs,
        latency_p95: thresholds.responseTimeMs,
        memory_usage: thresholds.memoryPercent,
        cpu_usage: thresholds.cpuPercent,
        disk_usage: thresholds.diskPercent,
      };
    },
  };
}

/** Everything that a judgement needs apart from the observation, read once. */
export async function readMoment(
  ctx: Pick<Ctx, 'clock' | 'config'>,
  tx: Tx,
): Promise<{ moment: Moment; state: DetectionState }> {
  const now = new Date(ctx.clock.now());
  // Copied, so that one judgement uses one set of limits.
  const limits = { ...environmentLimits(ctx.config) };
  const [watch, state] = [await readWatch(tx, now), await readDetectionState(tx)];
  const paused = isPaused(state.suspectedSince, now, limits.offlineSeconds);
  const reason = paused ? pausedReason : null;
  const gap = watch.intakeUp ? {} : { gap: { from: watch.lastBeatAt, to: now } };
  return { moment: { now, watch, limits, pausedReason: reason, ...gap }, state };
}
