import type { PeriodicWork } from '#platform/periodic';
import { deleteOldNotifications } from './view-store.ts';

const retentionSeconds = 3600;
const retentionBatchMax = 5_000;
const retentionBatchesMax = 200;

/** The ledger is kept as long as the alerts that it speaks of. */
export const retentionWork: PeriodicWork = {
  name: 'notifications.retention',
  everySeconds: () => retentionSeconds,
  ends: true,
  async run(ctx, signal) {
    const before = new Date(ctx.clock.now() - ctx.config.alerting.retentionDays * 86_400_000);
    for (let batch = 0; batch < retentionBatchesMax && !signal.aborted; batch += 1) {
      // Across tenants: one retention for the install.
      const deleted = await ctx.db.system((tx) => deleteOldNotifications(tx, before, retentionBatchMax));
      if (deleted < retentionBatchMax) return;
    }
  },
};
