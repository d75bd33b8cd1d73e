import type { DeviceStatus } from '@watchkeeper/contracts';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { announceStates } from './announce-states.ts';
import { updateStatus, updateWatched } from './state-store.ts';

/**
 * A higher floor's verdict on devices (offline, unresponsive, unknown, maintenance, and back). Takes the row
 * locks that intake takes: a heartbeat is either before it, seen by the caller, or after it and sets it right.
 */
export async function setDeviceStatus(
  ctx: Pick<Ctx, 'live'>,
  tx: Tx,
  deviceIds: readonly string[],
  status: DeviceStatus,
  at: Date,
): Promise<void> {
  if (deviceIds.length === 0) return;
  await announceStates(tx, ctx, await updateStatus(tx, deviceIds, status, at));
}

/** The next live heartbeat of a watched device publishes `devicesNeedAttention`. */
export async function markWatched(tx: Tx, deviceIds: readonly string[], watched: boolean): Promise<void> {
  if (deviceIds.length > 0) await updateWatched(tx, deviceIds, watched);
}
