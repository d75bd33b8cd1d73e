import { isUniqueViolation } from '#platform/db/database';
import { notFound } from '#platform/errors';
import { newId } from '#platform/ids';
import type { Place } from '../places/resolve.ts';
import { alreadyExists, auditChange, beforeAndAfter, changesBetween, type Work } from '../work.ts';
import { type DeviceRow, findDevice, insertDevice, updateDeviceRow } from './store.ts';

/** A device as it shall be; its place is resolved. `dependsOn` is recorded here and set by `setDependencies`. */
export interface WantedDevice {
  slug: string;
  name: string;
  place: Place;
  /** Slugs in order. */
  dependsOn: readonly string[];
}

/** Values before and after a change, by the names of the API. */
export function deviceFields(wanted: WantedDevice): Record<string, unknown> {
  return {
    slug: wanted.slug,
    name: wanted.name,
    site: wanted.place.site.slug,
    area: wanted.place.area?.slug ?? null,
    type: wanted.place.type?.slug ?? null,
    depends_on: [...wanted.dependsOn].sort(),
  };
}

export function deviceFieldsOf(row: DeviceRow): Record<string, unknown> {
  return {
    slug: row.slug,
    name: row.name,
    site: row.site_slug,
    area: row.area_slug,
    type: row.type_slug,
    depends_on: [...row.depends_on].sort(),
  };
}

/** Creates or changes a device's row, with its audit row. Returns its id; nothing is written when nothing changes. */
export async function saveDevice(
  work: Work,
  before: DeviceRow | undefined,
  wanted: WantedDevice,
): Promise<{ id: string; changed: boolean }> {
  const { tx, scope, at } = work;
  const { site, area, type } = wanted.place;
  const fields = {
    slug: wanted.slug,
    name: wanted.name,
    siteId: site.id,
    areaId: area?.id ?? null,
    typeId: type?.id ?? null,
  };
  const id = before?.id ?? newId();
  const target = { kind: 'device', id, name: wanted.slug } as const;
  if (before === undefined) {
    const key = await insertDevice(tx, scope.organizationId, id, fields, { provisioned: false, at });
    if (key === undefined) throw alreadyExists('device', wanted.slug);
    await auditChange(work, 'created', target, { after: deviceFields(wanted) });
    return { id, changed: true };
  }
  const changes = changesBetween(deviceFieldsOf(before), deviceFields(wanted));
  if (changes.length === 0) return { id, changed: false };
  await updateDeviceRow(tx, scope.organizationId, id, fields, at).catch((error: unknown) => {
    throw isUniqueViolation(error) ? alreadyExists('device', wanted.slug) : error;
  });
  await auditChange(work, 'updated', target, beforeAndAfter(changes));
  return { id, changed: true };
}

/** @throws not_found when it was deleted within this transaction, which no verb does. */
export async function readSaved(work: Work, id: string): Promise<DeviceRow> {
  const saved = await findDevice(work.tx, work.scope.organizationId, id);
  if (saved === undefined) throw notFound('device');
  return saved;
}
