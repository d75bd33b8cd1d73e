import { alertOutbox } from '#modules/alerting';
import { readSupport, type Support, tryLockLedger, writeUnplannable } from '#modules/delivery';
import type { Waiting } from '#platform/outbox';
import { type OutboxWork, workOutbox } from '#platform/outbox-work';
import { alertLedger } from './facts.ts';
import { type TellCtx, tellTransitions } from './tell.ts';
import { findBareTransition } from './transition-store.ts';

type Unplanned = Waiting<{ readonly alertId: string }>;

/**
 * Plans every transition that is not planned yet, in any process. The rows themselves show which wait; a wake-up only
 * saves time. Returns how many transitions were planned.
 */
export async function planDue(ctx: TellCtx, signal: AbortSignal): Promise<number> {
  return await workOutbox(ctx, planningOf(ctx), signal);
}

function planningOf(ctx: TellCtx): OutboxWork<{ readonly alertId: string }, Support> {
  return {
    outbox: alertOutbox,
    prepare: () => readSupport(ctx),
    begin: tryLockLedger,
    async work(tx, organizationId, claimed, support) {
      for (const ids of inRounds(claimed)) await tellTransitions(ctx, tx, { organizationId, ids, support });
    },
    async giveUp(tx, organizationId, { id }, { attempts, message }) {
      const transition = await findBareTransition(tx, organizationId, id);
      if (transition === undefined) return;
      const reason = `Nobody was told: it could not be planned after ${attempts} attempts (${message}). "watchkeeper jobs retry" tries it again.`;
      await writeUnplannable({ ctx, tx, organizationId }, alertLedger, transition, reason);
    },
  };
}

/** Each alert at most once per round, in order: the plan for its beginning decides who is notified of its end. */
export function inRounds(claimed: readonly Pick<Unplanned, 'id' | 'alertId'>[]): string[][] {
  const rounds: string[][] = [];
  const seen = new Map<string, number>();
  for (const { id, alertId } of claimed) {
    const round = seen.get(alertId) ?? 0;
    seen.set(alertId, round + 1);
    const ids = rounds[round] ?? [];
    ids.push(id);
    rounds[round] = ids;
  }
  return rounds;
}
