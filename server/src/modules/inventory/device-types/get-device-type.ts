import { requirePermission, type Scope } from '#modules/identity';
import type { Tx } from '#platform/db/database';
import { notFound } from '#platform/errors';
import { type DeviceTypeRow, findDeviceType } from './store.ts';

/** @throws not_found */
export async function getDeviceType(
  tx: Tx,
  scope: Scope,
  reference: string,
  lock = false,
): Promise<DeviceTypeRow> {
  requirePermission(scope, 'read');
  const type = await findDeviceType(tx, scope.organizationId, reference, lock);
  if (type === undefined) throw notFound('device type');
  return type;
}
