import {
  type AlertOrder,
  type AlertStatus,
  type AlertWithTimeline,
  attentionOf,
  attentions,
  listLimitDefault,
  type Severity,
  severityRank,
} from '@watchkeeper/contracts';
import { toInstant } from '@watchkeeper/contracts/instant';
import { findOrganization, type ProviderScope, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { invalidField, notFound } from '#platform/errors';
import { decodeCursor, decodeTimeCursor, encodeCursor } from '#platform/http/cursor';
import { organizationsOf } from '../rules/read-rules.ts';
import { toAlert, toTransition } from './alert-view.ts';
import { type AlertFilter, type AlertRow, findAlert, listAlertRows, listTimeline } from './store.ts';

export interface AlertListQuery {
  limit?: number;
  cursor?: string;
  status?: AlertStatus | 'active';
  severity?: Severity;
  type?: string;
  site?: string;
  device?: string;
  check?: string;
  since?: string;
  q?: string;
  order?: AlertOrder;
}

/** The number by which the store orders alerts. */
function weightOf(row: AlertRow): number {
  return attentions.indexOf(attentionOf(row)) * 10 + severityRank(row.severity) + 1;
}

export function cursorOfAlert(row: AlertRow, order: AlertOrder): readonly unknown[] {
  const place = [row.opened_at.toISOString(), row.id];
  return order === 'weight' ? [...place, weightOf(row)] : place;
}

function decodeCursorOfAlert(text: string | undefined, order: AlertOrder): AlertFilter['after'] {
  if (text === undefined) return undefined;
  if (order === 'newest') {
    const place = decodeTimeCursor(text);
    return place === undefined ? undefined : { ...place, weight: 0 };
  }
  const [at, id, weight] = decodeCursor(text, 3);
  const place = decodeTimeCursor(encodeCursor([at, id]));
  if (place === undefined || !Number.isInteger(weight))
    throw invalidField('cursor', 'is not a cursor of this list');
  return { ...place, weight: Number(weight) };
}

function toFilter(query: AlertListQuery, organizationIds: readonly string[] | null): AlertFilter {
  return {
    organizationIds,
    status: query.status,
    severity: query.severity,
    type: query.type,
    site: query.site,
    device: query.device,
    check: query.check,
    since: query.since === undefined ? undefined : toInstant(query.since),
    search: query.q?.trim() === '' ? undefined : query.q,
    order: query.order ?? 'newest',
    after: decodeCursorOfAlert(query.cursor, query.order ?? 'newest'),
    limit: query.limit ?? listLimitDefault,
  };
}

export async function listAlerts(
  ctx: Pick<Ctx, 'db'>,
  scope: Scope,
  query: AlertListQuery,
): Promise<AlertRow[]> {
  requirePermission(scope, 'read');
  return await ctx.db.tenant(scope.organizationId, (tx) =>
    listAlertRows(tx, toFilter(query, [scope.organizationId])),
  );
}

/** Of all organizations that the caller may see. */
export async function listProviderAlerts(
  ctx: Pick<Ctx, 'db'>,
  scope: ProviderScope,
  query: Omit<AlertListQuery, 'site' | 'device' | 'check' | 'q' | 'order'> & {
    tenant_id?: string;
    store_id?: string;
    device_id?: string;
  },
): Promise<AlertRow[]> {
  const { store_id: site, device_id: device, tenant_id: tenant, ...rest } = query;
  // A system transaction, because the list spans tenants. It is limited to the tenants of the caller.
  return await ctx.db.system(async (tx) => {
    const organizationIds = await organizationsOf(
      scope,
      tenant,
      async (slug) => (await findOrganization(tx, slug))?.id,
    );
    const named = { ...(site === undefined ? {} : { site }), ...(device === undefined ? {} : { device }) };
    return await listAlertRows(tx, toFilter({ ...rest, ...named }, organizationIds));
  });
}

/** Longer timelines are cut. An alert that escalates or changes its suppression this often has another problem. */
const timelineMax = 500;

export async function getAlert(ctx: Pick<Ctx, 'db'>, scope: Scope, id: string): Promise<AlertWithTimeline> {
  requirePermission(scope, 'read');
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const row = await findAlert(tx, id);
    if (row === undefined) throw notFound('alert');
    const timeline = (await listTimeline(tx, id, timelineMax)).map(toTransition);
    return { ...toAlert(row), site_timezone: row.site_timezone, timeline };
  });
}

/** The caller's organization to which an alert of the provider paths belongs. @throws not_found */
export async function scopeOfAlert(ctx: Pick<Ctx, 'db'>, scope: ProviderScope, id: string): Promise<Scope> {
  const row = await ctx.db.system((tx) => findAlert(tx, id));
  if (
    row === undefined ||
    (scope.organizationIds !== null && !scope.organizationIds.includes(row.organization_id))
  )
    throw notFound('alert');
  return await scope.within(row.organization_id);
}
