import { audit, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError, notFound } from '#platform/errors';
import { pingTopic } from './pings/directory.ts';
import { lockPingCheck } from './pings/store.ts';
import { checkKinds } from './registry.ts';
import { audited, type CheckWork, refuseMadeWith } from './save-check.ts';
import { type CheckRow, deleteCheckRow, findCheck } from './store.ts';

/**
 * Deletes the check and closes its open alert. Its results are deleted later, with the days they are stored in. Returns
 * its id.
 */
export async function deleteCheck(
  ctx: Pick<Ctx, 'db' | 'live'>,
  scope: Scope,
  reference: string,
  checkVersion: (version: number) => void,
): Promise<string> {
  requirePermission(scope, 'inventory:write');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const row = await findCheck(tx, scope.organizationId, reference, true);
    if (row === undefined) throw notFound('check');
    checkVersion(row.version);
    if (row.environment_key !== null && row.enabled)
      throw new AppError(
        'conflict',
        `The server's environment variable ${row.environment_key} makes this check. Remove it and restart; then it can be deleted.`,
      );
    await dropCheck({ ctx, tx, scope }, row);
    return row.id;
  });
}

/** `row` is locked by the caller. */
export async function dropCheck(
  { ctx, tx, scope }: Pick<CheckWork, 'tx' | 'scope'> & { ctx: Pick<Ctx, 'live'> },
  row: CheckRow,
): Promise<void> {
  refuseMadeWith(checkKinds.find(row.kind));
  const { organizationId } = scope;
  if (row.ping_id !== null) {
    await lockPingCheck(tx, row.id);
    await ctx.live.publish(tx, { organizationId, topic: pingTopic, ids: [row.id] });
  }
  await deleteCheckRow(tx, organizationId, row.id);
  await audit(tx, scope, {
    action: 'check.deleted',
    target: { kind: 'check', id: row.id, name: row.slug },
    before: audited(checkKinds.find(row.kind), row),
  });
  await ctx.live.publish(tx, { organizationId, topic: 'check', ids: [row.id] });
}
