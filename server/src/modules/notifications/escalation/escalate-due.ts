import { durationWords } from '@watchkeeper/contracts/figures';
import { type Escalation, escalateAlerts } from '#modules/alerting';
import { escalateIncidents, type IncidentEscalation } from '#modules/incidents';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { PeriodicWork } from '#platform/periodic';
import { type DueEscalation, findDue } from './due-store.ts';

const chunkMax = 500;
/** The next round continues with the rest. */
const chunksMax = 200;

/**
 * Records the escalation of every alert that nobody acknowledged in time. It keeps no state: policies and alerts show
 * what is due, and the record is written under the alert's lock. So any process may run it, two may run it at once, and
 * one that dies leaves nothing half done.
 */
export async function escalateDue(
  ctx: Pick<Ctx, 'db' | 'live' | 'clock'>,
  signal: AbortSignal,
): Promise<void> {
  for (let chunk = 0; chunk < chunksMax && !signal.aborted; chunk += 1) {
    // A system transaction: alerts of all organizations are looked at in one statement.
    const found = await ctx.db.system(async (tx) => {
      const due = await findDue(tx, nowDate(ctx.clock), chunkMax);
      // Incidents before alerts, as in docs/lock-order.md. Of an incident with many alerts, each level is told once.
      await escalateIncidents(ctx, tx, firstOfEach(due));
      await escalateAlerts(ctx, tx, due.map(toEscalation));
      return due.length;
    });
    if (found < chunkMax) return;
  }
}

/** The lowest level that is due for each incident. */
function firstOfEach(due: readonly DueEscalation[]): IncidentEscalation[] {
  const lowest = new Map<string, DueEscalation>();
  for (const one of due) {
    const other = lowest.get(one.incidentId);
    if (other === undefined || one.level < other.level) lowest.set(one.incidentId, one);
  }
  return [...lowest.values()].map(({ incidentId, ruleId, level, afterSeconds, channels }) => ({
    incidentId,
    level,
    why: `Nobody acknowledged it within ${durationWords(afterSeconds)}.`,
    details: { escalate_to_channels: channels, rule_id: ruleId },
  }));
}

function toEscalation({ alertId, level, afterSeconds, channels }: DueEscalation): Escalation {
  const why = `Nobody acknowledged it within ${durationWords(afterSeconds)}.`;
  return { alertId, level, why, details: { escalate_to_channels: channels } };
}

/** As often as alerts are judged. */
export const escalationWork: PeriodicWork = {
  name: 'notifications.escalate',
  everySeconds: (ctx) => ctx.config.alerting.checkIntervalSeconds,
  run: escalateDue,
};
