import type { Ctx } from '#platform/context';
import { findOpenOfDevices } from '../observing/device-store.ts';
import { resolveAlerts } from '../transition.ts';

/** A device that was removed cannot recover, so its alerts are resolved. */
export async function closeDeviceAlerts(
  ctx: Pick<Ctx, 'db' | 'events' | 'live' | 'clock'>,
  deviceIds: readonly string[],
  why: string,
): Promise<void> {
  await ctx.db.system(async (tx) => {
    const open = await findOpenOfDevices(tx, deviceIds);
    await resolveAlerts(
      ctx,
      tx,
      open.map((alertId) => ({ alertId, why })),
    );
  });
}
