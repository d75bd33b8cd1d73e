import { cutText, oneLine } from '@watchkeeper/contracts/text';
import { sql } from 'kysely';
import {
  claimUnplanned,
  listUnplanned,
  postponePlanning,
  setPlanned,
  type Unplanned,
} from '#modules/alerting';
import { readSupport, tryLockLedger, writeUnplannable } from '#modules/delivery';
import { isDatabaseAway, type Tx } from '#platform/db/database';
import { alertLedger } from './facts.ts';
import { type TellCtx, tellTransitions } from './tell.ts';
import { findBareTransition } from './transition-store.ts';

/** Transitions that one transaction plans; what opens together is told together up to here. */
const batchMax = 500;
/** Organizations that one round looks after; the next round takes the rest. */
const organizationsMax = 500;
/** One transition that cannot be planned is tried this often (some two minutes), then the ledger says that it failed. */
export const planAttemptsMax = 8;
const retrySecondsMax = 60;
/** A process that hangs between two statements holds an organization's plans no longer than this. */
const idleSecondsMax = 15;
const errorCharsMax = 300;

/**
 * Plans whatever is not planned yet, in any process: the rows are the truth, being woken only saves time.
 * Returns how many transitions were planned.
 */
export async function planDue(ctx: TellCtx, signal: AbortSignal): Promise<number> {
  // Across tenants: a row that was left behind names no process.
  const organizations = await ctx.db.system((tx) => listUnplanned(tx, organizationsMax));
  let planned = 0;
  for (const organizationId of organizations) {
    if (signal.aborted) break;
    planned += await planOrganization(ctx, organizationId);
  }
  return planned;
}

/** Halves what cannot be planned together until the one that is at fault stands alone. */
async function planOrganization(ctx: TellCtx, organizationId: string): Promise<number> {
  let planned = 0;
  for (let limit = batchMax; ; ) {
    try {
      const done = await planSome(ctx, organizationId, limit);
      planned += done;
      if (done < limit) return planned;
      limit = batchMax;
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      if (limit === 1) await putOff(ctx, organizationId, error);
      limit = limit === 1 ? batchMax : limit >> 1;
    }
  }
}

async function planSome(ctx: TellCtx, organizationId: string, limit: number): Promise<number> {
  const support = await readSupport(ctx);
  return await ctx.db.tenant(organizationId, async (tx) => {
    await boundIdleness(tx);
    // Whoever plans for this organization just now takes these as well, or the next look does.
    if (!(await tryLockLedger(tx, organizationId))) return 0;
    const claimed = await claimUnplanned(tx, organizationId, limit);
    for (const round of inRounds(claimed))
      await tellTransitions(ctx, tx, { organizationId, ids: round, support });
    await setPlanned(
      tx,
      organizationId,
      claimed.map((transition) => transition.id),
    );
    return claimed.length;
  });
}

/** Each alert once per round, in order: what is told of its end rests on what was planned of its beginning. */
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

/** The oldest one is at fault: it is tried again later, and in the end the ledger says why nobody was told. */
async function putOff(ctx: TellCtx, organizationId: string, error: unknown): Promise<void> {
  await ctx.db.tenant(organizationId, async (tx) => {
    const [transition] = await claimUnplanned(tx, organizationId, 1);
    if (transition === undefined) return;
    const attempts = transition.attempts + 1;
    const said = { err: error, transition_id: transition.id, attempts };
    if (attempts < planAttemptsMax) {
      ctx.log.warn(said, 'who is to be told of an alert could not be planned; it is tried again');
      await postponePlanning(tx, organizationId, transition.id, Math.min(2 ** attempts, retrySecondsMax));
      return;
    }
    ctx.log.error(said, 'who is to be told of an alert could not be planned; the ledger says so');
    const message = cutText(oneLine(error instanceof Error ? error.message : String(error)), errorCharsMax);
    await setPlanned(tx, organizationId, [transition.id], message);
    const reason = `Nobody was told: it could not be planned after ${attempts} attempts (${message}).`;
    const bare = await findBareTransition(tx, organizationId, transition.id);
    if (bare !== undefined) await writeUnplannable({ ctx, tx, organizationId }, alertLedger, bare, reason);
  });
}

async function boundIdleness(tx: Tx): Promise<void> {
  await sql`select set_config('idle_in_transaction_session_timeout', ${`${idleSecondsMax}s`}, true)`.execute(
    tx,
  );
}
