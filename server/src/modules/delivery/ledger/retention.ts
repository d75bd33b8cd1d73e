import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { PeriodicWork } from '#platform/periodic';
import { deleteOldCallbacks } from '../inbound/store.ts';
import { deleteOldAsks } from '../recipients/ask-store.ts';
import { deleteOldNotifications } from './view-store.ts';

const retentionSeconds = 3600;
const retentionBatchMax = 5_000;
const retentionBatchesMax = 200;
/** A signature is good for minutes, and confirmations are counted by the hour: after a day both are forgotten. */
const recentDays = 1;

/** The ledger is kept as long as the alerts that it speaks of. */
export const retentionWork: PeriodicWork = {
  name: 'notifications.retention',
  everySeconds: () => retentionSeconds,
  ends: true,
  async run(ctx, signal) {
    const dayBefore = (days: number) => new Date(ctx.clock.now() - days * 86_400_000);
    await deleteInBatches(ctx, signal, deleteOldNotifications, dayBefore(ctx.config.alerting.retentionDays));
    await deleteInBatches(ctx, signal, deleteOldCallbacks, dayBefore(recentDays));
    await deleteInBatches(ctx, signal, deleteOldAsks, dayBefore(recentDays));
  },
};

async function deleteInBatches(
  ctx: Ctx,
  signal: AbortSignal,
  deleteOld: (tx: Tx, before: Date, limit: number) => Promise<number>,
  before: Date,
): Promise<void> {
  for (let batch = 0; batch < retentionBatchesMax && !signal.aborted; batch += 1) {
    // Across tenants: one retention for the install.
    const deleted = await ctx.db.system((tx) => deleteOld(tx, before, retentionBatchMax));
    if (deleted < retentionBatchMax) return;
  }
}
