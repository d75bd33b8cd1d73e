import { listLimitDefault } from '@watchkeeper/contracts';
import type { Check, CheckListQuery, CheckResult, CheckResultQuery } from '@watchkeeper/contracts/checks';
import { toInstant } from '@watchkeeper/contracts/instant';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { decodeCursor, toPage } from '#platform/http/cursor';
import { toCheck, toResult } from './check-view.ts';
import { viewOf } from './pings/view.ts';
import { findCheck, selectChecks, selectResults } from './store.ts';

interface Listed<T> {
  data: T[];
  next_cursor: string | null;
}

export async function listChecks(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config'>,
  scope: Scope,
  query: CheckListQuery,
): Promise<Listed<Check>> {
  requirePermission(scope, 'read');
  const limit = query.limit ?? listLimitDefault;
  const filter = {
    limit,
    after: query.cursor === undefined ? null : String(decodeCursor(query.cursor, 1)[0]),
    like: query.q === undefined || query.q === '' ? null : `%${query.q.replace(/[\\%_]/g, '\\$&')}%`,
    status: query.status ?? null,
    kind: query.kind ?? null,
    site: query.site ?? null,
    device: query.device ?? null,
  };
  const rows = await ctx.db.tenant(scope.organizationId, (tx) =>
    selectChecks(tx, scope.organizationId, filter),
  );
  const view = viewOf(ctx, scope);
  return toPage(
    rows,
    limit,
    (row) => [row.slug],
    (row) => toCheck(row, view),
  );
}

export async function getCheck(
  ctx: Pick<Ctx, 'db' | 'clock' | 'config'>,
  scope: Scope,
  reference: string,
): Promise<{ check: Check; version: number }> {
  requirePermission(scope, 'read');
  const row = await ctx.db.tenant(scope.organizationId, (tx) =>
    findCheck(tx, scope.organizationId, reference),
  );
  if (row === undefined) throw notFound('check');
  return { check: toCheck(row, viewOf(ctx, scope)), version: row.version };
}

export async function listResults(
  ctx: Pick<Ctx, 'db'>,
  scope: Scope,
  reference: string,
  query: CheckResultQuery,
): Promise<Listed<CheckResult>> {
  requirePermission(scope, 'read');
  const limit = query.limit ?? listLimitDefault;
  const page = {
    before: query.cursor === undefined ? null : instantOf(query.cursor),
    since: query.since === undefined ? null : toInstant(query.since),
    outcome: query.outcome ?? null,
    limit,
  };
  const rows = await ctx.db.tenant(scope.organizationId, async (tx) => {
    const check = await findCheck(tx, scope.organizationId, reference);
    if (check === undefined) throw notFound('check');
    return await selectResults(tx, check.id, page);
  });
  return toPage(rows, limit, (row) => [row.at.toISOString()], toResult);
}

/** @throws validation_failed when the cursor was not made by this server. */
function instantOf(cursor: string): Date {
  const [text] = decodeCursor(cursor, 1);
  const at = new Date(typeof text === 'string' ? text : Number.NaN);
  if (Number.isNaN(at.getTime())) decodeCursor('', 1);
  return at;
}
