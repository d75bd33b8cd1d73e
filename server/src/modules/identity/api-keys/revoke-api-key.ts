import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { liveIdsMax } from '#platform/live';
import { audit } from '../audit/audit.ts';
import { requirePermission, type Scope } from '../scope.ts';
import { revokeKeys } from './store.ts';

/** Ends a key at once in every process, and with it every key that it created. */
export async function revokeApiKey(
  ctx: Pick<Ctx, 'db' | 'clock' | 'live'>,
  scope: Scope,
  input: { id: string },
): Promise<string[]> {
  requirePermission(scope, 'keys:write');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const rows = await revokeKeys(tx, scope.organizationId, input.id, new Date(ctx.clock.now()));
    if (rows.length === 0) throw notFound('API key');
    for (const row of rows) {
      await audit(tx, scope, {
        action: 'api_key.revoked',
        target: { kind: 'api_key', id: row.id, name: row.name },
        before: { name: row.name, prefix: row.prefix, scopes: row.scopes },
      });
    }
    const ids = rows.map((row) => row.id);
    await ctx.live.publish(tx, {
      organizationId: scope.organizationId,
      topic: 'api_key',
      ids: ids.length > liveIdsMax ? [] : ids,
    });
    return ids;
  });
}
