import { type WorkflowBody, workflowsMax } from '@watchkeeper/contracts';
import { newWebhookSecret } from '#modules/delivery';
import { audit, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError, invalidField, notFound } from '#platform/errors';
import { newId } from '#platform/ids';
import { stopRuns } from '../runs/run-store.ts';
import { parseWorkflow } from './definition.ts';
import {
  deleteWorkflowRow,
  findWorkflow,
  hasName,
  insertWorkflow,
  listWorkflowRows,
  lockWorkflow,
  updateWorkflow,
  type WorkflowRow,
} from './store.ts';
import { toAuditRecord } from './workflow-view.ts';

type SaveCtx = Pick<Ctx, 'db' | 'clock' | 'live' | 'vault' | 'outbound'>;

/** @returns the workflow, and the secret that signs its webhooks, which is shown this once. @throws validation_failed, conflict */
export async function createWorkflow(
  ctx: SaveCtx,
  scope: Scope,
  body: WorkflowBody,
): Promise<{ row: WorkflowRow; secret: string }> {
  requirePermission(scope, 'rules:write');
  const definition = await parseWorkflow(ctx, body);
  const { organizationId } = scope;
  const made = { id: newId(), at: nowDate(ctx.clock), by: scope.caller.name };
  const secret = newWebhookSecret();
  const row = await ctx.db.tenant(organizationId, async (tx) => {
    if ((await listWorkflowRows(tx, organizationId, workflowsMax)).length >= workflowsMax)
      throw new AppError(
        'conflict',
        `An organization has at most ${workflowsMax} workflows. Delete one first.`,
      );
    await refuseSameName(tx, organizationId, definition.name, null);
    await insertWorkflow(tx, organizationId, definition, { ...made, secret: ctx.vault.seal(secret) });
    return await written(ctx, tx, scope, made.id, 'workflow.created', {});
  });
  return { row, secret };
}

/** `checkVersion` is the caller's If-Match. @throws not_found, validation_failed, conflict */
export async function changeWorkflow(
  ctx: SaveCtx,
  scope: Scope,
  id: string,
  body: WorkflowBody,
  checkVersion: (version: number) => void,
): Promise<WorkflowRow> {
  requirePermission(scope, 'rules:write');
  const definition = await parseWorkflow(ctx, body);
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const before = await lockWorkflow(tx, organizationId, id);
    if (before === undefined) throw notFound('workflow');
    checkVersion(before.version);
    await refuseSameName(tx, organizationId, definition.name, id);
    const at = nowDate(ctx.clock);
    await updateWorkflow(tx, id, definition, at);
    if (definition.mode === 'off') await stopRuns(tx, { organizationId, workflowId: id }, at);
    return await written(ctx, tx, scope, id, 'workflow.updated', { before: toAuditRecord(before) });
  });
}

/** Its runs stay in the list; those under way end before their next step. @throws not_found */
export async function deleteWorkflow(
  ctx: Pick<Ctx, 'db' | 'clock' | 'live'>,
  scope: Scope,
  id: string,
): Promise<void> {
  requirePermission(scope, 'rules:write');
  const { organizationId } = scope;
  await ctx.db.tenant(organizationId, async (tx) => {
    const before = await lockWorkflow(tx, organizationId, id);
    if (before === undefined) throw notFound('workflow');
    await stopRuns(tx, { organizationId, workflowId: id }, nowDate(ctx.clock));
    await deleteWorkflowRow(tx, id);
    const target = { kind: 'workflow', id, name: before.name };
    await audit(tx, scope, { action: 'workflow.deleted', target, before: toAuditRecord(before) });
    await ctx.live.publish(tx, { organizationId, topic: 'workflow', ids: [id] });
  });
}

async function refuseSameName(tx: Tx, organizationId: string, name: string, except: string | null) {
  if (await hasName(tx, organizationId, name, except))
    throw invalidField('name', 'is the name of another workflow');
}

async function written(
  ctx: Pick<Ctx, 'live'>,
  tx: Tx,
  scope: Scope,
  id: string,
  action: string,
  records: { before?: object },
): Promise<WorkflowRow> {
  const { organizationId } = scope;
  const row = await findWorkflow(tx, organizationId, id);
  if (row === undefined) throw new Error('The workflow just written is not there.');
  const target = { kind: 'workflow', id, name: row.name };
  await audit(tx, scope, { action, target, ...records, after: toAuditRecord(row) });
  await ctx.live.publish(tx, { organizationId, topic: 'workflow', ids: [id] });
  return row;
}
