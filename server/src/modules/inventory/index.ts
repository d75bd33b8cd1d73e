import type { Module } from '#platform/module';

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
export {
  type DeviceAddress,
  type DirectoryFilter,
  type DirectoryRow,
  directoryBatchMax,
  findSiteByAddress,
  loadDirectory,
} from './directory/store.ts';
export { type DevicesHappened, deviceChanged, deviceCreated, deviceRemoved, siteChanged } from './events.ts';
export { normalizeTimeZone } from './timezone.ts';

export const inventoryModule: Module = { name: 'inventory' };
