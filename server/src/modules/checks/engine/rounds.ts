import { type Preparable, prepareBatch } from './prepare.ts';
import { recordBatch } from './recorder.ts';
import { flushesMax, forgetResults, hold, nextResults, roomToClaim } from './state.ts';
import { beatWorker, type ClaimedCheck, claimChecks, giveBack } from './store.ts';
import { giveUp } from './turn.ts';
import type { CheckWorker } from './worker.ts';

/** A check whose turn was given back is due again after this time. */
const againMs = 2_000;

/** Shows the other workers that this one is alive. */
export async function beat({ ctx, owner, state }: CheckWorker): Promise<void> {
  // The time before sending: the database may write the beat later, but never earlier.
  const now = ctx.clock.monotonic();
  await beatWorker(ctx.db, owner);
  state.beatAt = now;
}

/** Claims the checks that are due within `aheadMs`, as many as there is room for, and prepares them to run. */
export async function claim(worker: CheckWorker, aheadMs: number): Promise<ClaimedCheck[]> {
  const { ctx, owner, state, configs } = worker;
  const limit = roomToClaim(state, ctx.clock.monotonic());
  if (limit === 0) return [];
  const now = ctx.clock.now();
  const claimed = await claimChecks(ctx.db, {
    horizon: new Date(now + aheadMs),
    now: new Date(now),
    owner,
    limit,
    full: state.share.full(),
  });
  hold(state, claimed);
  try {
    await configs.load(claimed);
    for (const [id, one] of await prepareBatch(ctx, preparable(worker, claimed))) state.prepared.set(id, one);
  } catch (error) {
    // They were not started. Give back their leases with the next flush, so that other workers can have them.
    for (const check of claimed) giveUp(worker, check);
    throw error;
  }
  return claimed;
}

function preparable({ configs }: CheckWorker, claimed: readonly ClaimedCheck[]): Preparable[] {
  return claimed.flatMap(({ check_id: checkId }) => {
    const known = configs.get(checkId);
    return known === undefined || 'fault' in known ? [] : [{ checkId, ...known }];
  });
}

/** Gives back unwanted leases and records finished results. */
export async function flush({ ctx, owner, state, gate }: CheckWorker): Promise<void> {
  gate.freeOverdue();
  // A copy, because more may be added while these are given back.
  const skipped = [...state.unwanted];
  if (skipped.length > 0) await giveBack(ctx.db, owner, skipped, new Date(ctx.clock.now() + againMs));
  state.unwanted = state.unwanted.slice(skipped.length);
  for (let batch = 0; batch < flushesMax && state.finished.length > 0; batch += 1) {
    const some = nextResults(state);
    await recordBatch(ctx, owner, some);
    forgetResults(state, some);
  }
}
