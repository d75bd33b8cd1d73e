import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { claimDue } from '../windows/store.ts';
import { settle } from './lifecycle.ts';

const batchMax = 100;
const batchesMax = 100;

/** Begins and ends what the clock says, in any worker: rows in another one's hands are skipped, not waited for. */
export async function takeTurns(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const at = nowDate(ctx.clock);
  for (let batch = 0; batch < batchesMax && !signal.aborted; batch += 1) {
    // All organizations: one statement finds what is due.
    const due = await ctx.db.system(async (tx) => {
      const windows = await claimDue(tx, at, batchMax);
      for (const window of windows) await settle({ ctx, tx, at }, window);
      return windows.length;
    });
    if (due < batchMax) return;
  }
}
