import { readSupport, type Support, tryLockLedger, writeUnplannable } from '#modules/delivery';
import { incidentOutbox } from '#modules/incidents';
import type { Waiting } from '#platform/outbox';
import { type OutboxWork, workOutbox } from '#platform/outbox-work';
import { incidentLedger } from './facts.ts';
import { plannedKinds } from './plan.ts';
import { type TellCtx, tellTransitions } from './tell.ts';
import { findBareTransition } from './transition-store.ts';

type Unplanned = Waiting<{ readonly incidentId: string; readonly kind: string }>;

/**
 * Plans every change of an incident that is not planned yet, in any process. The rows themselves show which wait; a
 * wake-up only saves time. Returns how many were planned.
 */
export async function planDue(ctx: TellCtx, signal: AbortSignal): Promise<number> {
  return await workOutbox(ctx, planningOf(ctx), signal);
}

function planningOf(
  ctx: TellCtx,
): OutboxWork<{ readonly incidentId: string; readonly kind: string }, Support> {
  return {
    outbox: incidentOutbox,
    prepare: () => readSupport(ctx),
    begin: tryLockLedger,
    async work(tx, organizationId, claimed, support) {
      const told = claimed.filter(({ kind }) => plannedKinds.has(kind));
      for (const ids of inRounds(told)) await tellTransitions(ctx, tx, { organizationId, ids, support });
    },
    async giveUp(tx, organizationId, { id }, { attempts, message }) {
      const transition = await findBareTransition(tx, organizationId, id);
      if (transition === undefined) return;
      const reason = `Nobody was told: it could not be planned after ${attempts} attempts (${message}). "watchkeeper jobs retry" tries it again.`;
      await writeUnplannable({ ctx, tx, organizationId }, incidentLedger, transition, reason);
    },
  };
}

/** Each incident at most once per round, in order: the plan for its beginning decides who is notified of its end. */
export function inRounds(claimed: readonly Pick<Unplanned, 'id' | 'incidentId'>[]): string[][] {
  const rounds: string[][] = [];
  const seen = new Map<string, number>();
  for (const { id, incidentId } of claimed) {
    const round = seen.get(incidentId) ?? 0;
    seen.set(incidentId, round + 1);
    const ids = rounds[round] ?? [];
    ids.push(id);
    rounds[round] = ids;
  }
  return rounds;
}
