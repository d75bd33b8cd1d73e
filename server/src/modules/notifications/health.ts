import { alertOutbox } from '#modules/alerting';
import { readDeliveryBacklog } from '#modules/delivery';
import { incidentOutbox } from '#modules/incidents';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { defineReading, only } from '#platform/metric-readings';
import { readOutbox } from '#platform/outbox';
import { readOverdue } from './escalation/due-store.ts';

/**
 * Planning takes a second, and another process takes over a dead one's work within a few seconds. A longer wait means
 * that no process plans.
 */
export const unplannedSecondsMax = 30;
/** A message that is later than this waits for a free place, or for a process that can send it. */
const lateSecondsMax = 60;
/** For how long health mentions a change that could not be planned at all. */
const failedSeconds = 86_400;

/** Whether people are notified of their alerts. One answer for all organizations, without names. */
export async function checkDelivery(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config'>,
): Promise<{ status: 'pass' | 'warn'; output?: string; observed_value: number; observed_unit: string }> {
  // Across tenants: one figure for the install.
  const { outbox, ungrouped, backlog, overdue } = await ctx.db.system(async (tx) => ({
    ...(await readUntold(tx)),
    overdue: await readOverdue(tx, nowDate(ctx.clock)),
  }));
  const said: string[] = [];
  if (outbox.oldestSeconds > unplannedSecondsMax)
    said.push(
      `${outbox.waiting} changes of incidents wait to be sent, the oldest for ${Math.round(outbox.oldestSeconds)} s; is a worker running?`,
    );
  if (ungrouped.oldestSeconds > unplannedSecondsMax)
    said.push(
      `${ungrouped.waiting} changes of alerts wait for their incident, the oldest for ${Math.round(ungrouped.oldestSeconds)} s; is a worker running?`,
    );
  if (backlog.late > 0)
    said.push(
      `${backlog.late} messages are late, the oldest by ${Math.round(backlog.oldestSeconds)} s; is a worker running that can send them?`,
    );
  if (overdue.oldestSeconds > Math.max(lateSecondsMax, 3 * ctx.config.alerting.checkIntervalSeconds))
    said.push(
      `${overdue.count} ${overdue.count === 1 ? 'alert' : 'alerts'} that nobody acknowledged should have escalated, the first ${Math.round(overdue.oldestSeconds)} s ago; is a worker running?`,
    );
  if (outbox.failed > 0)
    said.push(
      `${outbox.failed} changes of incidents of the last 24 h could not be sent at all; see the notification log.`,
    );
  if (ungrouped.failed > 0)
    said.push(
      `${ungrouped.failed} changes of alerts of the last 24 h are part of no incident, so nobody was told; "watchkeeper jobs retry" tries them again.`,
    );
  return {
    status: said.length === 0 ? 'pass' : 'warn',
    ...(said.length === 0 ? {} : { output: said.join(' ') }),
    observed_value: ungrouped.waiting + outbox.waiting + backlog.late,
    observed_unit: 'waiting',
  };
}

/** For `/metrics`. */
export const notificationMetrics = defineReading({
  name: 'notifications',
  gauges: {
    notifications_waiting: {
      help: 'Changes of alerts and incidents not planned yet, and messages that are late.',
    },
  },
  async read(_ctx, tx) {
    const { outbox, ungrouped, backlog } = await readUntold(tx);
    return { notifications_waiting: only(ungrouped.waiting + outbox.waiting + backlog.late) };
  },
});

async function readUntold(tx: Tx) {
  return {
    outbox: await readOutbox(tx, incidentOutbox, failedSeconds),
    ungrouped: await readOutbox(tx, alertOutbox, failedSeconds),
    backlog: await readDeliveryBacklog(tx, lateSecondsMax),
  };
}
