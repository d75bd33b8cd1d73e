import { requirePermission, type Scope } from '#modules/identity';
import type { Tx } from '#platform/db/database';
import { notFound } from '#platform/errors';
import { findSite, type SiteRow } from './store.ts';

/** @throws not_found */
export async function getSite(tx: Tx, scope: Scope, reference: string, lock = false): Promise<SiteRow> {
  requirePermission(scope, 'read');
  const site = await findSite(tx, scope.organizationId, reference, lock);
  if (site === undefined) throw notFound('site');
  return site;
}
