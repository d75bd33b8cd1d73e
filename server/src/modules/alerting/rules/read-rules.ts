import { listLimitDefault } from '@watchkeeper/contracts';
import {
  findOrganization,
  listOrganizations,
  type ProviderScope,
  requirePermission,
  type Scope,
} from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { invalidField, notFound } from '#platform/errors';
import { decodeTimeCursor } from '#platform/http/cursor';
import { channelWarnings } from './rule-channels.ts';
import {
  type FiredRow,
  findRule,
  listRevisions,
  listRuleRows,
  type RevisionRow,
  type RuleFilter,
  type RuleRow,
  readFired,
} from './store.ts';
import { withEscalation, withEscalations } from './with-escalation.ts';

export interface RuleListQuery {
  limit?: number;
  cursor?: string;
  kind?: string;
  type?: string;
  enabled?: boolean;
}

function toFilter(query: RuleListQuery, organizationIds: readonly string[] | null): RuleFilter {
  return {
    organizationIds,
    kind: query.kind,
    type: query.type,
    enabled: query.enabled,
    after: decodeTimeCursor(query.cursor),
    limit: query.limit ?? listLimitDefault,
  };
}

export async function listRules(
  ctx: Pick<Ctx, 'db' | 'clock' | 'parts'>,
  scope: Scope,
  query: RuleListQuery,
): Promise<{ rows: RuleRow[]; fired: ReadonlyMap<string, FiredRow> }> {
  requirePermission(scope, 'read');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const rows = await withEscalations(
      ctx,
      tx,
      await listRuleRows(tx, toFilter(query, [scope.organizationId])),
    );
    return { rows, fired: await firedOf(ctx, tx, rows) };
  });
}

async function firedOf(
  ctx: Pick<Ctx, 'clock'>,
  tx: Tx,
  rows: readonly RuleRow[],
): Promise<ReadonlyMap<string, FiredRow>> {
  const ids = rows.map((row) => row.id);
  return new Map((await readFired(tx, ids, nowDate(ctx.clock))).map((row) => [row.rule_id, row]));
}

/** Of all organizations that the caller may see. */
export async function listProviderRules(
  ctx: Pick<Ctx, 'db' | 'parts'>,
  scope: ProviderScope,
  query: RuleListQuery & { tenant_id?: string },
): Promise<RuleRow[]> {
  // A system transaction, because the list spans tenants. It is limited to the tenants of the caller.
  return await ctx.db.system(async (tx) => {
    const organizationIds = await organizationsOf(
      scope,
      query.tenant_id,
      async (slug) => (await findOrganization(tx, slug))?.id,
    );
    return await withEscalations(ctx, tx, await listRuleRows(tx, toFilter(query, organizationIds)));
  });
}

/**
 * All the caller's organizations, or the one that is named. @throws not_found when the named one is not the caller's
 */
export async function organizationsOf(
  scope: ProviderScope,
  named: string | undefined,
  find: (slugOrId: string) => Promise<string | undefined>,
): Promise<readonly string[] | null> {
  if (named === undefined) return scope.organizationIds;
  const id = await find(named);
  if (id === undefined || (scope.organizationIds !== null && !scope.organizationIds.includes(id)))
    throw notFound('organization');
  return [id];
}

/** The organization for a new rule: the named one, else the only one that the caller reaches. */
export async function organizationToWrite(
  ctx: Pick<Ctx, 'db'>,
  scope: ProviderScope,
  named: string | undefined,
): Promise<string> {
  if (named === undefined) {
    const [only, another] = (await listOrganizations(ctx, scope, { limit: 2 })).data;
    if (only !== undefined && another === undefined) return only.id;
    throw invalidField('tenant_id', 'is required: this credential reaches several organizations');
  }
  // A system transaction, because we do not know the organization yet.
  const [id] =
    (await ctx.db.system((tx) =>
      organizationsOf(scope, named, async (slug) => (await findOrganization(tx, slug))?.id),
    )) ?? [];
  if (id === undefined) throw notFound('organization');
  return id;
}

const revisionsMax = 100;

export async function getRule(
  ctx: Pick<Ctx, 'db' | 'clock' | 'parts'>,
  scope: Scope,
  id: string,
): Promise<{ row: RuleRow; fired: FiredRow | undefined; warnings: string[]; revisions: RevisionRow[] }> {
  requirePermission(scope, 'read');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const row = await withEscalation(ctx, tx, await findRule(tx, id));
    if (row === undefined) throw notFound('rule');
    const fired = (await firedOf(ctx, tx, [row])).get(row.id);
    const warnings = await channelWarnings({ ctx, tx, organizationId: scope.organizationId }, row);
    return { row, fired, warnings, revisions: await listRevisions(tx, id, revisionsMax) };
  });
}

/** The caller's organization to which a rule of the provider paths belongs. @throws not_found */
export async function scopeOfRule(ctx: Pick<Ctx, 'db'>, scope: ProviderScope, id: string): Promise<Scope> {
  const row = await ctx.db.system((tx) => findRule(tx, id));
  if (
    row === undefined ||
    (scope.organizationIds !== null && !scope.organizationIds.includes(row.organization_id))
  )
    throw notFound('rule');
  return await scope.within(row.organization_id);
}
