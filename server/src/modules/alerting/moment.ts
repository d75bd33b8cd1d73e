import type { Config } from '#config';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { readWatch, type WatchState } from '#platform/watch';
import { type DetectionState, readDetectionState } from './detection-store.ts';
import type { EnvironmentLimits, Moment, WatchGap } from './kind.ts';
import { isPaused, pausedReason } from './outage-guard.ts';

/** Always current: what is set while the house runs counts from the next look. */
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

/** Everything a judgement rests on beside the observation, read once. */
export async function readMoment(
  ctx: Pick<Ctx, 'clock' | 'config'>,
  tx: Tx,
): Promise<{ moment: Moment; state: DetectionState }> {
  const now = new Date(ctx.clock.now());
  // One judgement, one set of limits: taken here, not looked up on the way.
  const limits = { ...environmentLimits(ctx.config) };
  const [watch, state] = [await readWatch(tx, now), await readDetectionState(tx)];
  const paused = isPaused(state.suspectedSince, now, limits.offlineSeconds);
  const gap = unwrittenGap(watch, state, now);
  const reason = paused ? pausedReason : null;
  return { moment: { now, watch, limits, pausedReason: reason, ...(gap && { gap }) }, state };
}

/** The tick writes it down at its end; what is judged before then must know of it as well. */
function unwrittenGap(
  watch: WatchState & { lastBeatAt: Date },
  { watchingSince, watchedUntil }: DetectionState,
  now: Date,
): WatchGap | undefined {
  if (!watch.intakeUp) return { from: watch.lastBeatAt, to: now };
  const returned = watchingSince !== null && watch.watchingSince > watchingSince;
  return returned && watchedUntil !== null ? { from: watchedUntil, to: watch.watchingSince } : undefined;
}
