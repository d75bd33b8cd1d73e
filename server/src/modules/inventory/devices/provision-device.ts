import { audit, systemScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { newId } from '#platform/ids';
import { announceDevices, deviceCreated } from '../events.ts';
import { type DeviceRow, findDevice, insertDevice } from './store.ts';

export interface Provision {
  organizationId: string;
  organizationSlug: string;
  siteId: string;
  slug: string;
  at: Date;
}

/**
 * First contact with HEARTBEAT_AUTH=open: the device is created at a known site. Two first heartbeats at
 * once make one device. It has no token until an operator gives it one.
 */
export async function provisionDevice(
  ctx: Ctx,
  tx: Tx,
  provision: Provision,
): Promise<DeviceRow | undefined> {
  const { organizationId, slug, at } = provision;
  const id = newId();
  const fields = { slug, name: slug, siteId: provision.siteId, areaId: null, typeId: null };
  const key = await insertDevice(tx, organizationId, id, fields, { provisioned: true, at });
  if (key !== undefined) {
    const scope = systemScope(organizationId, provision.organizationSlug, 'first heartbeat');
    await audit(tx, scope, { action: 'device.provisioned', target: { kind: 'device', id, name: slug } });
    await announceDevices(ctx, tx, deviceCreated, organizationId, [id]);
  }
  return await findDevice(tx, organizationId, slug);
}
