import { organizationCreated } from '#modules/identity';
import { nowDate } from '#platform/clock';
import { subscribe } from '#platform/events';
import type { Module } from '#platform/module';
import { areaRoutes } from './areas/routes.ts';
import { deviceTypeRoutes } from './device-types/routes.ts';
import { seedDeviceTypes } from './device-types/seed-device-types.ts';
import { deviceRoutes } from './devices/routes.ts';
import { manifestRoutes } from './manifest/routes.ts';
import { siteRoutes } from './sites/routes.ts';

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
export { seedDeviceTypes } from './device-types/seed-device-types.ts';
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
  type DevicesHappened,
  deviceChanged,
  deviceCreated,
  deviceRemoved,
  deviceRetired,
  deviceReturned,
  siteChanged,
} from './events.ts';
export { applyManifest, type Manifest } from './manifest/apply-manifest.ts';
export { registerManifestSection } from './manifest/registry.ts';
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

/** What there is: sites, areas, device types, devices and what they depend on. */
export const inventoryModule: Module = {
  name: 'inventory',
  routes(app, ctx) {
    siteRoutes(app, ctx);
    areaRoutes(app, ctx);
    deviceTypeRoutes(app, ctx);
    deviceRoutes(app, ctx);
    manifestRoutes(app, ctx);
  },
  subscriptions: [
    subscribe(organizationCreated, 'inventory.device_types', (ctx, { organizationId }) =>
      ctx.db.tenant(organizationId, (tx) => seedDeviceTypes(tx, organizationId, nowDate(ctx.clock))),
    ),
  ],
};
