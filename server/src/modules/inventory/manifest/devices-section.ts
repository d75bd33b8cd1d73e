import { type ManifestDevice, ManifestDevices } from '@watchkeeper/contracts/manifest';
import { issueDeviceToken, requirePermission } from '#modules/identity';
import type { FieldError } from '#platform/errors';
import { setDependencies, type WantedDependencies } from '../dependencies/set-dependencies.ts';
import { removeDevices } from '../devices/remove-devices.ts';
import { deviceFields, deviceFieldsOf, saveDevice, type WantedDevice } from '../devices/save-device.ts';
import { type DeviceRow, selectDevicesBySlug } from '../devices/store.ts';
import { announceDevices, deviceChanged, deviceCreated } from '../events.ts';
import { loadPlaces, type PlaceReferences, resolvePlace } from '../places/resolve.ts';
import { refuse } from '../work.ts';
import {
  defineManifestSection,
  duplicateSlugs,
  type ManifestReader,
  type ManifestRun,
  type PlannedStep,
  planEntry,
  planRemoval,
  type SectionContent,
} from './section.ts';

export const devicesSection = defineManifestSection({
  key: 'devices',
  schema: ManifestDevices,
  read,
  async plan(run, wanted) {
    requirePermission(run.scope, 'inventory:write');
    refuse(duplicateSlugs(wanted, 'manifest.devices'));
    const slugs = new Set(wanted.map((device) => device.slug));
    const there = await selectDevicesBySlug(run.tx, run.scope.organizationId, run.prune ? null : [...slugs]);
    const bySlug = new Map(there.map((row) => [row.slug, row]));
    const done: Done = { created: [], changed: [], dependencies: [] };
    const devices = await resolveAll(run, wanted, bySlug);
    const items = devices.map((device, index) =>
      planDevice(run, device, bySlug.get(device.slug), index, done),
    );
    const extra = run.prune ? there.filter((row) => !slugs.has(row.slug)) : [];
    return {
      items: [
        ...items,
        ...extra.map((row) => planRemoval('device', row.slug, () => removeDevices(run, [row]))),
      ],
      settle: () => settle(run, done),
    };
  },
});

async function read({ tx, scope }: ManifestReader): Promise<SectionContent> {
  const rows = await selectDevicesBySlug(tx, scope.organizationId, null);
  return { entries: rows.map(deviceFieldsOf) };
}

/** Work that the steps leave for the end of the section. */
interface Done {
  created: string[];
  changed: string[];
  dependencies: WantedDependencies[];
}

async function resolveAll(
  run: ManifestRun,
  wanted: readonly ManifestDevice[],
  there: ReadonlyMap<string, DeviceRow>,
): Promise<WantedDevice[]> {
  const references = wanted.map((device) => referencesOf(device, there.get(device.slug)));
  const index = await loadPlaces(run.tx, run.scope.organizationId, references);
  const errors: FieldError[] = [];
  const devices: WantedDevice[] = [];
  for (const [position, device] of wanted.entries()) {
    const reference = references[position];
    if (reference === undefined) continue;
    const resolved = resolvePlace(index, reference, `manifest.devices.${position}.`);
    errors.push(...resolved.errors);
    if (resolved.place === undefined) continue;
    const before = there.get(device.slug);
    devices.push({
      slug: device.slug,
      name: device.name ?? before?.name ?? device.slug,
      place: resolved.place,
      dependsOn: device.depends_on ?? before?.depends_on ?? [],
    });
  }
  refuse(errors);
  return devices;
}

/** Fields that the file does not name stay; only an area cannot move with its device to another site. */
function referencesOf(device: ManifestDevice, before: DeviceRow | undefined): PlaceReferences {
  const sameSite =
    before !== undefined && (device.site === before.site_slug || device.site === before.site_id);
  return {
    site: device.site,
    area: device.area === undefined ? (sameSite ? before.area_id : null) : device.area,
    type: device.type === undefined ? (before?.type_id ?? null) : device.type,
  };
}

function planDevice(
  run: ManifestRun,
  wanted: WantedDevice,
  before: DeviceRow | undefined,
  index: number,
  done: Done,
): PlannedStep {
  const fields = deviceFields(wanted);
  return planEntry('device', wanted.slug, before && deviceFieldsOf(before), fields, async () => {
    const { id } = await saveDevice(run, before, wanted);
    done.dependencies.push({
      deviceId: id,
      dependsOn: wanted.dependsOn,
      field: `manifest.devices.${index}.depends_on`,
    });
    if (before !== undefined) {
      done.changed.push(id);
      return;
    }
    done.created.push(id);
    run.tokens[wanted.slug] = await issueDeviceToken(run.tx, run.scope.organizationId, id);
  });
}

/** Dependencies may point further down the file, so they wait for all rows. */
async function settle(run: ManifestRun, done: Done): Promise<void> {
  await setDependencies(run, done.dependencies);
  await announceDevices(run.ctx, run.tx, deviceCreated, run.scope.organizationId, done.created);
  await announceDevices(run.ctx, run.tx, deviceChanged, run.scope.organizationId, done.changed);
}
