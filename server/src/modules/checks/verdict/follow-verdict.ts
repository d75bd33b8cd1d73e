import { setDeviceStatus } from '#modules/telemetry';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { type Judged, readVerdicts, readVerdictTimes } from './read-verdicts.ts';
import { type FollowedDevice, lockFollowed } from './store.ts';
import type { VerdictTimes } from './voices.ts';

const chunkMax = 500;
const chunksMax = 400;

/**
 * The status of a device without an agent follows its checks and sources. A device that sends heartbeats is not
 * touched: intake and detection set its status, and its agent comes first in the order anyway.
 */
export async function followChecks(ctx: Ctx, { checkIds }: { checkIds: readonly string[] }): Promise<void> {
  const times = await readVerdictTimes(ctx);
  // Across tenants: an event names checks of several organizations.
  await ctx.db.system(async (tx) => follow(ctx, tx, await lockFollowed(tx, { checkIds }, chunkMax), times));
}

/** Reports become stale without an event, so all such devices are judged again from time to time. */
export async function followAll(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const times = await readVerdictTimes(ctx);
  let after = 0;
  for (let chunk = 0; chunk < chunksMax && !signal.aborted; chunk += 1) {
    // Across tenants, like all periodic work.
    const last = await ctx.db.system(async (tx) => {
      const devices = await lockFollowed(tx, { after }, chunkMax);
      await follow(ctx, tx, devices, times);
      return devices.length < chunkMax ? undefined : devices.at(-1)?.device_key;
    });
    if (last === undefined) return;
    after = last;
  }
}

async function follow(
  ctx: Ctx,
  tx: Tx,
  devices: readonly FollowedDevice[],
  times: VerdictTimes,
): Promise<void> {
  const judged = await readVerdicts(tx, devices, times);
  const changed = judged.filter(({ device, verdict }) => device.current !== verdict.status);
  const at = new Date(times.now);
  for (const [status, some] of Map.groupBy(changed, ({ verdict }: Judged) => verdict.status)) {
    await setDeviceStatus(
      ctx,
      tx,
      some.map(({ device }) => device.id),
      status,
      at,
    );
  }
}
