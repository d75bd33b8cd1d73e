import { listLimitDefault } from '@watchkeeper/contracts';
import type { Organization } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { notFound } from '#platform/errors';
import { decodeCursor, toPage } from '#platform/http/cursor';
import { type ProviderScope, requirePermission, type Scope } from '../scope.ts';
import { type OrganizationRow, selectOrganization, selectOrganizations } from './store.ts';
import { toOrganization } from './view.ts';

/** The organizations that the caller may see, by slug. */
export async function listOrganizations(
  ctx: Pick<Ctx, 'db'>,
  scope: Pick<ProviderScope, 'organizationIds'>,
  query: { limit?: number; cursor?: string } = {},
): Promise<{ data: Organization[]; next_cursor: string | null }> {
  const limit = query.limit ?? listLimitDefault;
  const [after] = query.cursor === undefined ? [undefined] : decodeCursor(query.cursor, 1);
  // A system transaction: the list spans tenants, bounded by the caller's own.
  const rows = await ctx.db.system((tx) =>
    selectOrganizations(tx, {
      ids: scope.organizationIds,
      afterSlug: after === undefined ? undefined : String(after),
      limit: limit + 1,
    }),
  );
  return toPage(rows, limit, (row) => [row.slug], toOrganization);
}

export async function getOrganization(
  ctx: Pick<Ctx, 'db'>,
  scope: Scope,
): Promise<{ organization: Organization; version: number }> {
  requirePermission(scope, 'read');
  const row = await ctx.db.tenant(scope.organizationId, (tx) => selectOrganization(tx, scope.organizationId));
  if (row === undefined) throw notFound('organization');
  return { organization: toOrganization(row), version: row.version };
}

/** By slug or id. For floors above that meet organizations by name (tenant_id of a heartbeat). */
export async function findOrganization(tx: Tx, slugOrId: string): Promise<OrganizationRow | undefined> {
  return await selectOrganization(tx, slugOrId);
}
