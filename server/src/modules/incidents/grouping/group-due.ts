import { alertOutbox } from '#modules/alerting';
import type { Ctx } from '#platform/context';
import { type OutboxWork, workOutbox } from '#platform/outbox-work';
import { judgeAlerts } from '../judging/judge-incidents.ts';
import { type AlertChange, type GroupCtx, groupAlerts } from './group-alerts.ts';
import { listStrays, readRows } from './grouped-alert-store.ts';
import { tryLockGrouping } from './place-store.ts';

type DueCtx = GroupCtx & Pick<Ctx, 'db' | 'log'>;

/**
 * Works on every change of an alert that no incident knows yet, in any process. The rows themselves show which wait; a
 * wake-up only saves time. Returns how many rows were worked on.
 */
export async function groupDue(ctx: DueCtx, signal: AbortSignal): Promise<number> {
  const touched = new Map<string, Set<string>>();
  const done = await workOutbox(ctx, groupingOf(ctx, touched), signal);
  // What could not be judged now is judged with all active incidents, half a minute later at most.
  await judgeAlerts(ctx, touched, signal).catch((error: unknown) =>
    ctx.log.error({ err: error }, 'incidents were grouped, but not judged'),
  );
  return done;
}

/** @param touched by organization, the alerts whose incidents changed. */
function groupingOf(
  ctx: DueCtx,
  touched: Map<string, Set<string>>,
): OutboxWork<{ readonly alertId: string }, undefined> {
  return {
    outbox: alertOutbox,
    prepare: () => Promise.resolve(undefined),
    begin: tryLockGrouping,
    async work(tx, organizationId, claimed) {
      const ids = claimed.map((row) => row.id);
      const rows = await readRows(tx, organizationId, ids);
      const changes = claimed.flatMap(({ id, alertId }): AlertChange[] => {
        const row = rows.get(id);
        return row === undefined ? [] : [{ alertId, kind: row.kind, actor: row.actor }];
      });
      const alertIds = [...new Set(changes.map((change) => change.alertId))];
      await groupAlerts(ctx, tx, organizationId, alertIds, changes);
      touched.set(organizationId, new Set([...(touched.get(organizationId) ?? []), ...alertIds]));
    },
    // The row is a dead letter: health says so, and "watchkeeper jobs retry" groups its alert.
    giveUp: () => Promise.resolve(),
  };
}

/** One round takes so many; the next takes the rest. */
const straysMax = 500;
const roundsMax = 100;

/**
 * Gives open alerts of the release before an incident. Nobody is told: they were told of the alerts. That release may
 * run beside this one, so it is done again and again. Returns how many alerts got one.
 */
export async function adoptStrays(ctx: DueCtx, signal: AbortSignal): Promise<number> {
  let found = 0;
  for (let round = 0; round < roundsMax && !signal.aborted; round += 1) {
    let grouped = 0;
    // Across tenants: the release before served all of them.
    const strays = await ctx.db.system((tx) => listStrays(tx, straysMax));
    for (const [organizationId, own] of Map.groupBy(strays, (stray) => stray.organizationId)) {
      const alertIds = own.map((stray) => stray.alertId);
      await ctx.db.tenant(organizationId, async (tx) => {
        if (!(await tryLockGrouping(tx, organizationId))) return;
        await groupAlerts(ctx, tx, organizationId, alertIds, []);
        grouped += own.length;
      });
    }
    found += grouped;
    if (grouped < straysMax) break;
  }
  return found;
}
