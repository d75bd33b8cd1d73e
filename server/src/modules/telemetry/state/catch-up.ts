import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { purgeDevices } from '../upkeep/purge.ts';
import { listRemoved } from '../upkeep/purge-store.ts';
import { alignSites, deleteStatesOfRetired, findAstray, insertStates } from './state-store.ts';

/** How late the work of a lost job is done at most. */
export const catchUpSeconds = 15;
const chunkMax = 500;
/** More than this waits for the next round. */
const chunksMax = 40;

/**
 * Events are only the quick way to follow inventory. If their jobs were lost, the rows themselves show
 * the remaining work, and it is done here. Work that a job does at the same time is done only once.
 */
export async function catchUp(ctx: Ctx, signal: AbortSignal): Promise<void> {
  await alignStates(ctx, signal);
  await purgeRemoved(ctx, signal);
}

async function alignStates(ctx: Ctx, signal: AbortSignal): Promise<void> {
  for (let chunk = 0; chunk < chunksMax && !signal.aborted; chunk += 1) {
    const at = nowDate(ctx.clock);
    // Across tenants, as every periodic work.
    const found = await ctx.db.system(async (tx) => {
      const ids = await findAstray(tx, chunkMax);
      if (ids.length === 0) return 0;
      await insertStates(tx, ids, at);
      await alignSites(tx, ids);
      await deleteStatesOfRetired(tx, ids, at);
      return ids.length;
    });
    if (found < chunkMax) return;
  }
}

/** A device that cannot be purged does not stop others; the failure is reported with the work. */
async function purgeRemoved(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const keys = await ctx.db.system((tx) => listRemoved(tx, chunkMax));
  const failures: unknown[] = [];
  for (const key of keys) {
    if (signal.aborted) break;
    await purgeDevices(ctx, [key], signal).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0)
    throw new AggregateError(
      failures,
      `The history of ${failures.length} removed devices cannot be deleted.`,
    );
}
