import { listLimitDefault } from '@watchkeeper/contracts';
import type { AuditEntry, AuditQuery } from '@watchkeeper/contracts/identity';
import { toInstant } from '@watchkeeper/contracts/instant';
import type { Ctx } from '#platform/context';
import { decodeTimeCursor, toPage } from '#platform/http/cursor';
import { requirePermission, type Scope } from '../scope.ts';
import { type AuditRow, selectAudit } from './store.ts';

export async function listAudit(
  ctx: Pick<Ctx, 'db'>,
  scope: Scope,
  query: AuditQuery,
): Promise<{ data: AuditEntry[]; next_cursor: string | null }> {
  requirePermission(scope, 'audit:read');
  const limit = query.limit ?? listLimitDefault;
  const after = decodeTimeCursor(query.cursor);
  const rows = await ctx.db.tenant(scope.organizationId, (tx) =>
    selectAudit(tx, {
      organizationId: scope.organizationId,
      action: query.action,
      target: query.target,
      actor: query.actor,
      since: query.since === undefined ? undefined : toInstant(query.since),
      until: query.until === undefined ? undefined : toInstant(query.until),
      after,
      limit: limit + 1,
    }),
  );
  return toPage(rows, limit, (row) => [row.at.toISOString(), row.id], toEntry);
}

export function toEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    target: { kind: row.target_kind, id: row.target_id, name: row.target_name },
    before: row.before,
    after: row.after,
    request_id: row.request_id,
    ip: row.ip,
  };
}
