import type { WorkflowRun } from '@watchkeeper/contracts';
import { audit, requirePermission, type Scope } from '#modules/identity';
import { loadIncidentViews } from '#modules/incidents';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import { findStop, lockWorkflow } from '../definition/store.ts';
import { toRun } from './read-runs.ts';
import { insertRun, listRunRows } from './run-store.ts';

/**
 * A person starts a workflow for one incident, whatever its trigger and conditions say. One that is off does a dry run.
 * @throws not_found, conflict
 */
export async function startByHand(
  ctx: Pick<Ctx, 'db' | 'clock' | 'live'>,
  scope: Scope,
  workflowId: string,
  incidentId: string,
): Promise<WorkflowRun> {
  requirePermission(scope, 'alerts:operate');
  const { organizationId, caller } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const now = nowDate(ctx.clock);
    const workflow = await lockWorkflow(tx, organizationId, workflowId);
    if (workflow === undefined) throw notFound('workflow');
    if ((await findStop(tx, organizationId)) !== undefined)
      throw new AppError('conflict', 'All workflows are stopped. Let them run again first.');
    const [incident] = await loadIncidentViews(tx, [incidentId], now);
    if (incident === undefined || incident.organization_id !== organizationId) throw notFound('incident');
    const mode = workflow.mode === 'off' ? 'dry_run' : workflow.mode;
    const why = `${caller.name} started it.`;
    const run = {
      organizationId,
      workflow: { ...workflow, mode },
      incidentId,
      status: 'running',
      why,
    } as const;
    const id = await insertRun(tx, run, now);
    if (id === undefined)
      throw new AppError('conflict', `"${workflow.name}" has run for this incident, and runs once for each.`);
    const target = { kind: 'workflow', id: workflowId, name: workflow.name };
    await audit(tx, scope, {
      action: 'workflow.started',
      target,
      after: { incident: incident.number, run: id, mode },
    });
    await ctx.live.publish(tx, { organizationId, topic: 'workflow', ids: [workflowId] });
    const rows = await listRunRows(
      tx,
      organizationId,
      { workflow: workflowId, incident: incidentId },
      { after: undefined, limit: 1 },
    );
    const [row] = rows;
    if (row === undefined) throw new Error('The run just written is not there.');
    return toRun(row);
  });
}
