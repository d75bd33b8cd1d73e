import {
  deviceChanged,
  deviceCreated,
  deviceRemoved,
  deviceRetired,
  deviceReturned,
} from '#modules/inventory';
import { nowDate } from '#platform/clock';
import { subscribe } from '#platform/events';
import { purgeDevices } from '../upkeep/purge.ts';
import { alignSites, deleteStatesOfRetired, insertStates } from './state-store.ts';

/** Of `eventIdsMax` devices, each with a history. */
const purgeSecondsMax = 300;

/** Telemetry's own rows follow what inventory says there is, at once; catch-up.ts does what was lost. Each step may run twice. */
export const inventorySubscriptions = [
  subscribe(deviceCreated, 'telemetry.state', (ctx, { organizationId, deviceIds }) =>
    ctx.db.tenant(organizationId, (tx) => insertStates(tx, deviceIds, nowDate(ctx.clock))),
  ),
  subscribe(deviceChanged, 'telemetry.state', (ctx, { organizationId, deviceIds }) =>
    ctx.db.tenant(organizationId, (tx) => alignSites(tx, deviceIds)),
  ),
  subscribe(deviceRetired, 'telemetry.state', (ctx, { organizationId, deviceIds }) =>
    ctx.db.tenant(organizationId, (tx) => deleteStatesOfRetired(tx, deviceIds, nowDate(ctx.clock))),
  ),
  subscribe(deviceReturned, 'telemetry.state', (ctx, { organizationId, deviceIds }) =>
    ctx.db.tenant(organizationId, (tx) => insertStates(tx, deviceIds, nowDate(ctx.clock))),
  ),
  subscribe(
    deviceRemoved,
    'telemetry.history',
    (ctx, { deviceKeys }, signal) => purgeDevices(ctx, deviceKeys, signal),
    { secondsMax: purgeSecondsMax },
  ),
];
