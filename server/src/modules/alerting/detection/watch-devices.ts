import { markWatched } from '#modules/telemetry';
import type { Tx } from '#platform/db/database';
import { findConcerned } from '../observing/device-store.ts';

/**
 * Tells intake whose next heartbeat matters: devices with an open alert or a pending condition. The caller
 * holds the devices' row locks (or has just changed their alerts), so the count cannot be outdated.
 */
export async function rewatchDevices(tx: Tx, deviceIds: readonly (string | null)[]): Promise<void> {
  const devices = [...new Set(deviceIds.filter((id) => id !== null))];
  if (devices.length === 0) return;
  const concerned = await findConcerned(tx, devices);
  const watched = devices.filter((id) => concerned.has(id));
  const quiet = devices.filter((id) => !concerned.has(id));
  if (watched.length > 0) await markWatched(tx, watched, true);
  if (quiet.length > 0) await markWatched(tx, quiet, false);
}
