import type { Ctx } from '#platform/context';
import { deleteWatchGapsBefore } from '#platform/watch-gaps';
import { deleteResolvedBefore } from './detection/detection-store.ts';

const batchMax = 5_000;
const batchesMax = 200;
const dayMs = 86_400_000;

/** Deletes alerts in small batches, ALERTS_RETENTION_DAYS after their resolution. Open alerts are kept, however old. */
export async function purgeAlerts(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const before = new Date(ctx.clock.now() - ctx.config.alerting.retentionDays * dayMs);
  for (let batch = 0; batch < batchesMax && !signal.aborted; batch += 1) {
    const gone = await ctx.db.system((tx) => deleteResolvedBefore(tx, before, batchMax));
    if (gone < batchMax) break;
  }
  await ctx.db.system((tx) => deleteWatchGapsBefore(tx, before));
}
