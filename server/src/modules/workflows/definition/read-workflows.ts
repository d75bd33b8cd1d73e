import {
  type Workflow,
  type WorkflowList,
  type WorkflowPreview,
  type WorkflowPreviewBody,
  workflowsMax,
} from '@watchkeeper/contracts';
import { requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { findPast } from '../runs/due-store.ts';
import { parseWorkflow, stepWords, triggerWords } from './definition.ts';
import { findStop, findWorkflow, listWorkflowRows } from './store.ts';
import { toWorkflow } from './workflow-view.ts';

const previewDaysDefault = 30;
const previewRowsMax = 20;
const dayMs = 86_400_000;

export async function listWorkflows(ctx: Pick<Ctx, 'db'>, scope: Scope): Promise<WorkflowList> {
  requirePermission(scope, 'read');
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const stop = await findStop(tx, organizationId);
    return {
      data: (await listWorkflowRows(tx, organizationId, workflowsMax)).map(toWorkflow),
      stopped:
        stop === undefined
          ? null
          : { at: stop.stopped_at.toISOString(), by: stop.stopped_by, reason: stop.reason },
    };
  });
}

/** @throws not_found */
export async function getWorkflow(ctx: Pick<Ctx, 'db'>, scope: Scope, id: string): Promise<Workflow> {
  requirePermission(scope, 'read');
  const row = await ctx.db.tenant(scope.organizationId, (tx) => findWorkflow(tx, scope.organizationId, id));
  if (row === undefined) throw notFound('workflow');
  return toWorkflow(row);
}

/**
 * What a workflow would do, and for which incidents of the last days it would have run. Judged by how these incidents
 * are now; opening hours are not judged. @throws validation_failed
 */
export async function previewWorkflow(
  ctx: Pick<Ctx, 'db' | 'clock' | 'outbound'>,
  scope: Scope,
  { days = previewDaysDefault, ...body }: WorkflowPreviewBody,
): Promise<WorkflowPreview> {
  requirePermission(scope, 'read');
  const { trigger, conditions, steps } = await parseWorkflow(ctx, body);
  const now = nowDate(ctx.clock);
  const span = { since: new Date(now.getTime() - days * dayMs), now, limit: previewRowsMax };
  const { organizationId } = scope;
  const found = await ctx.db.tenant(organizationId, (tx) =>
    findPast(tx, { organizationId, trigger, conditions }, span),
  );
  return {
    words: triggerWords(trigger, conditions),
    steps: steps.map(stepWords),
    days,
    count: found[0]?.total ?? 0,
    incidents: found.map(({ total: _total, opened_at: at, ...incident }) => ({
      ...incident,
      opened_at: at.toISOString(),
    })),
  };
}
