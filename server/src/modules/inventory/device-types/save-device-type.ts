import { isUniqueViolation } from '#platform/db/database';
import { notFound } from '#platform/errors';
import { newId } from '#platform/ids';
import { alreadyExists, auditChange, beforeAndAfter, changesBetween, type Work } from '../work.ts';
import {
  type DeviceTypeFields,
  type DeviceTypeRow,
  findDeviceType,
  insertDeviceType,
  updateDeviceTypeRow,
} from './store.ts';

/** Creates or changes a device type. Nothing is written when nothing changes. */
export async function saveDeviceType(
  work: Work,
  before: DeviceTypeRow | undefined,
  wanted: DeviceTypeFields,
): Promise<DeviceTypeRow> {
  const { tx, scope } = work;
  const id = before?.id ?? newId();
  const target = { kind: 'device_type', id, name: wanted.slug } as const;
  if (before === undefined) {
    if (!(await insertDeviceType(tx, scope.organizationId, id, wanted, work.at)))
      throw alreadyExists('device type', wanted.slug);
    await auditChange(work, 'created', target, { after: { ...wanted } });
  } else {
    const changes = changesBetween({ ...before }, { ...wanted });
    if (changes.length === 0) return before;
    await updateDeviceTypeRow(tx, scope.organizationId, id, wanted, work.at).catch((error: unknown) => {
      throw isUniqueViolation(error) ? alreadyExists('device type', wanted.slug) : error;
    });
    await auditChange(work, 'updated', target, beforeAndAfter(changes));
  }
  await work.ctx.live.publish(tx, { organizationId: scope.organizationId, topic: 'device_type', ids: [id] });
  const saved = await findDeviceType(tx, scope.organizationId, id);
  if (saved === undefined) throw notFound('device type');
  return saved;
}
