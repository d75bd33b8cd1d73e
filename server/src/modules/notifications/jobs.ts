import { Id } from '@watchkeeper/contracts';
import Type from 'typebox';
import { nowDate } from '#platform/clock';
import { defineJob } from '#platform/jobs';
import type { PeriodicWork } from '#platform/periodic';
import { deliverMessage } from './deliver.ts';
import { deliverJobName, sweepGraceSeconds } from './delivery-job.ts';
import { takeOverdueMessages } from './delivery-store.ts';
import { deleteOldNotifications } from './ledger-store.ts';

const concurrency = 16;
const sweepSeconds = 10;
const sweepBatchMax = 500;
const retentionSeconds = 3600;
const retentionBatchMax = 5_000;
const retentionBatchesMax = 200;

/** Retries of deliveries are the ledger's; those of the queue cover a database that went away. */
export const deliverJob = defineJob({
  name: deliverJobName,
  schema: Type.Object({ organization_id: Id, message_id: Id }, { additionalProperties: false }),
  options: { concurrency, expireInSeconds: 120, retryDelayMaxSeconds: 60 },
  handler: (ctx, payload, run) =>
    deliverMessage(
      ctx,
      { organizationId: payload.organization_id, messageId: payload.message_id },
      run.signal,
    ),
});

/** Messages whose worker died in the middle of sending, or whose job was lost. */
export const sweepWork: PeriodicWork = {
  name: 'notifications.sweep',
  everySeconds: () => sweepSeconds,
  async run(ctx) {
    // Across tenants: a lost job names none.
    await ctx.db.system(async (tx) => {
      const options = { graceSeconds: sweepGraceSeconds, limit: sweepBatchMax };
      const overdue = await takeOverdueMessages(tx, nowDate(ctx.clock), options);
      const payloads = overdue.map((row) => ({ organization_id: row.organization_id, message_id: row.id }));
      await ctx.jobs.enqueueMany(tx, deliverJobName, payloads);
    });
  },
};

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
