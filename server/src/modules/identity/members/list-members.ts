import { listLimitDefault } from '@watchkeeper/contracts';
import type { Member } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import { decodeCursor, toPage } from '#platform/http/cursor';
import { requirePermission, type Scope } from '../scope.ts';
import { toListedMember } from './member-rules.ts';
import { selectMembers } from './store.ts';

export async function listMembers(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  scope: Scope,
  query: { limit?: number; cursor?: string },
): Promise<{ data: Member[]; next_cursor: string | null }> {
  requirePermission(scope, 'read');
  const limit = query.limit ?? listLimitDefault;
  const [after] = query.cursor === undefined ? [undefined] : decodeCursor(query.cursor, 1);
  const rows = await ctx.db.tenant(scope.organizationId, (tx) =>
    selectMembers(tx, {
      organizationId: scope.organizationId,
      afterEmail: after === undefined ? undefined : String(after),
      limit: limit + 1,
      now: new Date(ctx.clock.now()),
    }),
  );
  return toPage(rows, limit, (row) => [row.email], toListedMember);
}
