import type { Module } from '#platform/module';
import { telemetryClockRules } from './clock-rules.ts';
import { telemetryPrivacy } from './privacy.ts';
import { startTelemetry } from './runtime.ts';
import { deviceSearch } from './search-store.ts';
import { catchUp, catchUpSeconds } from './state/catch-up.ts';
import { inventorySubscriptions } from './state/follow-inventory.ts';
import { compact } from './upkeep/compact.ts';
import { keepDays } from './upkeep/retention.ts';
import { rollUp } from './upkeep/rollup-job.ts';

export { recordMetrics } from './business/record-metrics.ts';
export {
  deviceStateRows,
  deviceStatusChangeRows,
  eventCountRows,
  eventRows,
  lockDeviceStates,
  metricPointRows,
} from './door-store.ts';
export { devicesNeedAttention, eventsRecorded } from './events.ts';
export { type HeartbeatPoint, readHeartbeatSeries } from './history/series.ts';
export { toReportedStatus } from './intake/status-words.ts';
export {
  deleteLateSpan,
  type LateSpan,
  listLateSpans,
  type PastSilence,
  takeSilences,
  type WhichSilences,
  type WhichSpans,
} from './past-store.ts';
export { type Arrival, type ArrivalCheck, registerArrivalCheck, registerSilenceLimit } from './runtime.ts';
export { listDeviceStates, readDeviceStates } from './state/read-states.ts';
export { markWatched, setDeviceStatus } from './state/set-status.ts';

const keepDaysSeconds = 3_600;
const rollUpSeconds = 60;
const compactSeconds = 1_800;

/** Telemetry: heartbeats and device state, history in its forms, business events, metrics. */
export const telemetryModule: Module = {
  name: 'telemetry',
  start: startTelemetry,
  http: () => import('./http.ts'),
  privacy: telemetryPrivacy,
  live: [
    { topic: 'device_state', permission: 'read' },
    { topic: 'metric', permission: 'read' },
  ],
  search: [deviceSearch],
  subscriptions: inventorySubscriptions,
  clockRules: telemetryClockRules,
  periodic: [
    { name: 'telemetry.days', everySeconds: () => keepDaysSeconds, run: keepDays },
    { name: 'telemetry.catch_up', everySeconds: () => catchUpSeconds, run: catchUp },
    { name: 'telemetry.rollups', everySeconds: () => rollUpSeconds, run: rollUp },
    { name: 'telemetry.compaction', everySeconds: () => compactSeconds, ends: true, run: compact },
  ],
};
