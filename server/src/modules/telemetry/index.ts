import type { Module } from '#platform/module';
import { intakeRoutes } from './intake/routes.ts';
import { startTelemetry } from './runtime.ts';
import { inventorySubscriptions } from './state/follow-inventory.ts';

export { devicesNeedAttention, eventsRecorded } from './events.ts';
export { type HeartbeatPoint, readHeartbeatSeries } from './history/series.ts';
export { type Arrival, type ArrivalCheck, registerArrivalCheck } from './runtime.ts';
export { readDeviceStates } from './state/read-states.ts';
export { markWatched, setDeviceStatus } from './state/set-status.ts';

export const telemetryModule: Module = {
  name: 'telemetry',
  start: startTelemetry,
  routes(app, ctx) {
    intakeRoutes(app, ctx);
  },
  subscriptions: inventorySubscriptions,
};
