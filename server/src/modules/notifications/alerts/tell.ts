import { beginPlan, readReach, type Support, selectTold, writeLedger } from '#modules/delivery';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { alertLedger, toneOf } from './facts.ts';
import { openingKinds, planNotifications } from './plan.ts';
import { selectTransitions } from './transition-store.ts';

export interface Transitions {
  readonly organizationId: string;
  /** At most one per alert: the people who were notified of its beginning decide who is notified of its end. */
  readonly ids: readonly string[];
  readonly support: Support;
}

export type TellCtx = Pick<Ctx, 'db' | 'clock' | 'live' | 'vault' | 'config' | 'log'>;

/**
 * Writes the ledger rows of these transitions and their messages, in the caller's transaction, which holds the ledger's
 * lock. Transitions that are already in the ledger are skipped.
 */
export async function tellTransitions(
  ctx: TellCtx,
  tx: Tx,
  { organizationId, ids, support }: Transitions,
): Promise<void> {
  const found = await selectTransitions(tx, organizationId, ids);
  const known = await beginPlan(tx, organizationId, alertLedger.topic, found);
  const transitions = found.filter((transition) => !known.has(transition.id));
  if (transitions.length === 0) return;
  const of = { subjectIds: transitions.map((transition) => transition.subjectId), kinds: openingKinds };
  const rows = planNotifications({
    transitions,
    channels: await readReach(ctx, tx, organizationId, support),
    told: await selectTold(tx, organizationId, alertLedger.topic, of),
  });
  await writeLedger({ ctx, tx, organizationId }, { ...alertLedger, toneOf }, rows);
}
