import type { Ctx } from '#platform/context';
import type { PeriodicWork } from '#platform/periodic';
import { deleteOldRuns } from './runs/run-store.ts';

const everySeconds = 3_600;
const chunk = 1_000;
const chunksMax = 100;
const dayMs = 86_400_000;

/** Runs go with alerts and incidents: after ALERTS_RETENTION_DAYS. */
export const retentionWork: PeriodicWork = {
  name: 'workflows.retention',
  everySeconds: () => everySeconds,
  ends: true,
  async run(ctx: Ctx) {
    const before = new Date(ctx.clock.now() - ctx.config.alerting.retentionDays * dayMs);
    for (let round = 0; round < chunksMax; round += 1)
      // Across tenants: the rows are old, whoever has them.
      if ((await ctx.db.system((tx) => deleteOldRuns(tx, before, chunk))) < chunk) return;
  },
};
