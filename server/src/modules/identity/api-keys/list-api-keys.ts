import { listLimitDefault } from '@watchkeeper/contracts';
import type { ApiKey } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import { decodeTimeCursor, toPage } from '#platform/http/cursor';
import { requirePermission, type Scope } from '../scope.ts';
import { selectApiKeys } from './store.ts';
import { toApiKey } from './view.ts';

export async function listApiKeys(
  ctx: Pick<Ctx, 'db'>,
  scope: Scope,
  query: { limit?: number; cursor?: string },
): Promise<{ data: ApiKey[]; next_cursor: string | null }> {
  requirePermission(scope, 'keys:write');
  const limit = query.limit ?? listLimitDefault;
  const after = decodeTimeCursor(query.cursor);
  const rows = await ctx.db.tenant(scope.organizationId, (tx) =>
    selectApiKeys(tx, { organizationId: scope.organizationId, after, limit: limit + 1 }),
  );
  return toPage(rows, limit, (row) => [row.created_at.toISOString(), row.id], toApiKey);
}
