import type { Ctx } from '#platform/context';
import { deleteDeviceHistory } from './purge-store.ts';

/** A removed device leaves no history behind. Device by device, so that no statement runs long. */
export async function purgeDevices(
  ctx: Pick<Ctx, 'db'>,
  deviceKeys: readonly number[],
  signal: AbortSignal,
): Promise<void> {
  for (const deviceKey of deviceKeys) {
    signal.throwIfAborted();
    // The device is deleted, so its owner cannot be proved any more; but keys are never used again.
    await ctx.db.system((tx) => deleteDeviceHistory(tx, deviceKey));
  }
}
