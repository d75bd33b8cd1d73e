import { requirePermission, type Scope } from '#modules/identity';
import type { Tx } from '#platform/db/database';
import { notFound } from '#platform/errors';
import { type DeviceRow, findDevice } from './store.ts';

/** @throws not_found */
export async function getDevice(tx: Tx, scope: Scope, reference: string, lock = false): Promise<DeviceRow> {
  requirePermission(scope, 'read');
  const device = await findDevice(tx, scope.organizationId, reference, lock);
  if (device === undefined) throw notFound('device');
  return device;
}
