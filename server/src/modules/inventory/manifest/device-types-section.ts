import { ManifestDeviceTypes } from '@watchkeeper/contracts/manifest';
import { requirePermission } from '#modules/identity';
import { removeDeviceType } from '../device-types/delete-device-type.ts';
import { checkDeviceType, toDeviceTypeFields } from '../device-types/device-type-view.ts';
import { saveDeviceType } from '../device-types/save-device-type.ts';
import {
  type DeviceTypeFields,
  type DeviceTypeRow,
  findDeviceType,
  selectDeviceTypesBySlug,
} from '../device-types/store.ts';
import { refuse } from '../work.ts';
import {
  defineManifestSection,
  duplicateSlugs,
  type ManifestReader,
  type ManifestRun,
  planEntry,
  planRemoval,
  type SectionContent,
} from './section.ts';

export const deviceTypesSection = defineManifestSection({
  key: 'device_types',
  schema: ManifestDeviceTypes,
  read,
  async plan(run, wanted) {
    requirePermission(run.scope, 'inventory:write');
    const fields = wanted.map(toDeviceTypeFields);
    refuse([
      ...duplicateSlugs(fields, 'manifest.device_types'),
      ...fields.flatMap((one, index) => checkDeviceType(one, `manifest.device_types.${index}.`)),
    ]);
    const slugs = fields.map((one) => one.slug);
    const there = await selectDeviceTypesBySlug(run.tx, run.scope.organizationId, run.prune ? null : slugs);
    const bySlug = new Map(there.map((row) => [row.slug, row]));
    const items = fields.map((one) => {
      const before = bySlug.get(one.slug);
      return planEntry('device_type', one.slug, before && toPlain(before), toPlain(one), () =>
        saveDeviceType(run, before, one),
      );
    });
    const extra = run.prune ? there.filter((row) => !slugs.includes(row.slug)) : [];
    return {
      items: [
        ...items,
        ...extra.map((row) => planRemoval('device_type', row.slug, () => remove(run, row.id))),
      ],
    };
  },
});

async function read(work: ManifestReader): Promise<SectionContent> {
  const rows = await selectDeviceTypesBySlug(work.tx, work.scope.organizationId, null);
  return { entries: rows.map(toPlain) };
}

/** Read again: devices of this type may have been given another since the plan was made. */
async function remove(run: ManifestRun, id: string): Promise<void> {
  const type = await findDeviceType(run.tx, run.scope.organizationId, id, true);
  if (type !== undefined) await removeDeviceType(run, type);
}

/** By the names of the file. */
function toPlain(type: DeviceTypeFields | DeviceTypeRow): Record<string, unknown> {
  return {
    slug: type.slug,
    name: type.name,
    check_interval: type.check_interval_seconds,
    timeout: type.timeout_seconds,
    retries: type.retries,
    alert_after_failures: type.alert_after_failures,
    recover_after_successes: type.recover_after_successes,
    check_method: type.check_method,
  };
}
