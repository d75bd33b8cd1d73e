import type { Ctx } from '#platform/context';
import { deleteResolvedBefore } from './incident-store.ts';

const batchMax = 1_000;
const batchesMax = 200;
const dayMs = 86_400_000;

/** Deletes incidents in small batches, ALERTS_RETENTION_DAYS after their end, as their alerts. */
export async function purgeIncidents(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const before = new Date(ctx.clock.now() - ctx.config.alerting.retentionDays * dayMs);
  for (let batch = 0; batch < batchesMax && !signal.aborted; batch += 1) {
    // Across tenants: the setting is that of the installation.
    const gone = await ctx.db.system((tx) => deleteResolvedBefore(tx, before, batchMax));
    if (gone < batchMax) break;
  }
}
