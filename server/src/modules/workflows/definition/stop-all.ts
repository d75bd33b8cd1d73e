import { audit, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { stopRuns } from '../runs/run-store.ts';
import { deleteStop, insertStop } from './store.ts';

type StopCtx = Pick<Ctx, 'db' | 'clock' | 'live'>;
const target = { kind: 'workflow', id: 'all', name: 'all workflows' };

/** The kill switch: from now on nothing runs, and what is under way ends before its next step. An operator may pull it. */
export async function stopAll(ctx: StopCtx, scope: Scope, reason: string): Promise<void> {
  requirePermission(scope, 'alerts:operate');
  const { organizationId } = scope;
  await ctx.db.tenant(organizationId, async (tx) => {
    const at = nowDate(ctx.clock);
    const stop = { stopped_at: at, stopped_by: scope.caller.name, reason: reason.trim() };
    if (!(await insertStop(tx, organizationId, stop))) return;
    const stopped = await stopRuns(tx, { organizationId }, at);
    await audit(tx, scope, {
      action: 'workflows.stopped',
      target,
      after: { reason: stop.reason, runs: stopped },
    });
    await ctx.live.publish(tx, { organizationId, topic: 'workflow', ids: [] });
  });
}

/** Runs that were stopped stay so; what happens from now on is responded to. */
export async function resumeAll(ctx: StopCtx, scope: Scope): Promise<void> {
  requirePermission(scope, 'rules:write');
  const { organizationId } = scope;
  await ctx.db.tenant(organizationId, async (tx) => {
    if (!(await deleteStop(tx, organizationId))) return;
    await audit(tx, scope, { action: 'workflows.resumed', target });
    await ctx.live.publish(tx, { organizationId, topic: 'workflow', ids: [] });
  });
}
