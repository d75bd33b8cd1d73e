import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { inParts } from '#platform/db/parts';
import { claimDue } from '../windows/store.ts';
import type { Window } from '../windows/window.ts';
import { letGo, settle, type Turn } from './lifecycle.ts';

const batchMax = 100;
const batchesMax = 100;

/** Begins and ends windows as the time requires, in any worker. Rows that another worker has locked are skipped. */
export async function takeTurns(ctx: Ctx, signal: AbortSignal): Promise<void> {
  const at = nowDate(ctx.clock);
  for (let batch = 0; batch < batchesMax && !signal.aborted; batch += 1) {
    // All organizations: one statement finds the windows that are due.
    const due = await ctx.db.system(async (tx) => {
      const windows = await claimDue(tx, at, batchMax);
      await settleEach({ ctx, tx, at }, windows);
      return windows.length;
    });
    if (due < batchMax) return;
  }
}

/** A window whose calendar cannot be read (unknown time zone in this runtime) does not stop the others. */
async function settleEach(
  turn: Turn & { readonly ctx: Pick<Ctx, 'log'> },
  windows: readonly Window[],
): Promise<void> {
  const { faults } = await inParts(turn.tx, windows, async (part) => {
    for (const window of part) await settle(turn, window);
  });
  const { faults: left } = await inParts(
    turn.tx,
    faults.map(({ item }) => item),
    async (part) => {
      for (const window of part) await letGo(turn, window);
    },
  );
  for (const { item, error } of [...faults, ...left])
    turn.ctx.log.error(
      { err: error, window_id: item.id },
      'the calendar of a maintenance window cannot be read: it mutes nothing until it is saved again',
    );
}
