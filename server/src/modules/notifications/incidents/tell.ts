import { beginPlan, readReach, type Support, selectTold, type Told, writeLedger } from '#modules/delivery';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { alertLedger } from '../alerts/facts.ts';
import { incidentLedger, toneOf } from './facts.ts';
import { planNotifications, tellingKinds } from './plan.ts';
import { selectRelated, selectTransitions } from './transition-store.ts';

export interface Transitions {
  readonly organizationId: string;
  /** At most one per incident: the people who were notified of its beginning decide who is notified of its end. */
  readonly ids: readonly string[];
  readonly support: Support;
}

export type TellCtx = Pick<Ctx, 'db' | 'clock' | 'live' | 'vault' | 'config' | 'log'>;

/**
 * Writes the ledger rows of these changes and their messages, in the caller's transaction, which holds the ledger's
 * lock. Changes that are already in the ledger are skipped.
 */
export async function tellTransitions(
  ctx: TellCtx,
  tx: Tx,
  { organizationId, ids, support }: Transitions,
): Promise<void> {
  const found = await selectTransitions(tx, organizationId, ids, nowDate(ctx.clock));
  const known = await beginPlan(tx, organizationId, incidentLedger.topic, found);
  const transitions = found.filter((transition) => !known.has(transition.id));
  if (transitions.length === 0) return;
  const subjectIds = transitions.map((transition) => transition.subjectId);
  const rows = planNotifications({
    transitions,
    channels: await readReach(ctx, tx, organizationId, support),
    told: await readTold(tx, organizationId, subjectIds),
    now: nowDate(ctx.clock),
  });
  await writeLedger({ ctx, tx, organizationId }, { ...incidentLedger, toneOf }, rows);
}

/**
 * Who heard what of these incidents: also of those that became part of them, and, from the release before, of their
 * alerts.
 */
async function readTold(tx: Tx, organizationId: string, subjectIds: readonly string[]): Promise<Told[]> {
  const own = await selectTold(tx, organizationId, incidentLedger.topic, { subjectIds, kinds: tellingKinds });
  const related = await selectRelated(tx, subjectIds);
  if (related.length === 0) return own;
  const incidentOf = new Map(related.map(({ id, incidentId }) => [id, incidentId]));
  const of = { subjectIds: [...incidentOf.keys()], kinds: [...tellingKinds, 'unsuppressed'] };
  const others = [
    ...(await selectTold(tx, organizationId, alertLedger.topic, of)),
    ...(await selectTold(tx, organizationId, incidentLedger.topic, of)),
  ];
  const heard = others.map((row) => ({ ...row, subjectId: incidentOf.get(row.subjectId) ?? row.subjectId }));
  return [...heard, ...own];
}
