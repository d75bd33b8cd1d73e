import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { audit } from '../audit/audit.ts';
import { requirePermission, type Scope } from '../scope.ts';
import { revokeKey } from './store.ts';

/** Ends a key at once, in every process. */
export async function revokeApiKey(
  ctx: Pick<Ctx, 'db' | 'clock' | 'live'>,
  scope: Scope,
  input: { id: string },
): Promise<void> {
  requirePermission(scope, 'keys:write');
  await ctx.db.tenant(scope.organizationId, async (tx) => {
    const row = await revokeKey(tx, scope.organizationId, input.id, new Date(ctx.clock.now()));
    if (row === undefined) throw notFound('API key');
    await audit(tx, scope, {
      action: 'api_key.revoked',
      target: { kind: 'api_key', id: row.id, name: row.name },
      before: { name: row.name, prefix: row.prefix, scopes: row.scopes },
    });
    await ctx.live.publish(tx, { organizationId: scope.organizationId, topic: 'api_key', ids: [row.id] });
  });
}
