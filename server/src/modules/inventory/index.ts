import { nowDate } from '#platform/clock';
import type { Module } from '#platform/module';
import { seedDeviceTypes } from './device-types/seed-device-types.ts';
import { inventorySearch } from './search-store.ts';

export {
  businessHours,
  defaultBusinessWindow,
  everyDay,
  type Interval,
  isOpen,
  localTimeWindow,
  type OpenState,
  openIntervals,
} from './calendar.ts';
export { type Provision, provisionDevice } from './devices/provision-device.ts';
export {
  type DeviceAddress,
  type DirectoryFilter,
  type DirectoryRow,
  directoryBatchMax,
  findSiteByAddress,
  loadDirectory,
} from './directory/store.ts';
export {
  areaRows,
  deviceDependencyRows,
  deviceRows,
  deviceTypeRows,
  siteRows,
} from './door-store.ts';
export {
  type DevicesHappened,
  deviceChanged,
  deviceCreated,
  deviceRemoved,
  deviceRetired,
  deviceReturned,
  siteChanged,
} from './events.ts';
export { applyManifest, type Manifest } from './manifest/apply-manifest.ts';
export {
  defineManifestSection,
  duplicateSlugs,
  type ManifestReader,
  type ManifestRun,
  type ManifestSection,
  type PlannedStep,
  planEntry,
  planRemoval,
  type SectionContent,
  type SectionPlan,
} from './manifest/section.ts';
export { normalizeTimeZone } from './timezone.ts';

/** The inventory: sites, areas, device types, devices and their dependencies. */
export const inventoryModule: Module = {
  name: 'inventory',
  http: () => import('./http.ts'),
  live: [
    { topic: 'site', permission: 'read' },
    { topic: 'device', permission: 'read' },
    { topic: 'device_type', permission: 'read' },
    { topic: 'device_token', permission: 'inventory:write' },
  ],
  search: inventorySearch,
  manifest: () => import('./manifest/sections.ts'),
  seeds: [(ctx, tx, { id }) => seedDeviceTypes(tx, id, nowDate(ctx.clock))],
};
