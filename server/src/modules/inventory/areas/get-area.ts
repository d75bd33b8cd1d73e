import { requirePermission, type Scope } from '#modules/identity';
import type { Tx } from '#platform/db/database';
import { notFound } from '#platform/errors';
import { getSite } from '../sites/get-site.ts';
import { type AreaRow, findArea } from './store.ts';

/** @throws not_found when there is no such site, or no such area in it. */
export async function getArea(
  tx: Tx,
  scope: Scope,
  siteReference: string,
  reference: string,
  lock = false,
): Promise<AreaRow> {
  requirePermission(scope, 'read');
  const site = await getSite(tx, scope, siteReference);
  const area = await findArea(tx, scope.organizationId, site.id, reference, lock);
  if (area === undefined) throw notFound('area');
  return area;
}
