import type { Ctx } from '#platform/context';
import { isDatabaseAway } from '#platform/db/database';
import { applyJournal, judgeDue } from './apply.ts';
import { becomeApplier, isJournalWorkedOff, setFaultyAside } from './store.ts';

/** Journal rows worked in with one transaction, and their text; a row holds what came in together. */
const rowsMax = 5_000;
const textBytesMax = 32_000_000;
const checksMax = 500;
/** Transactions of one turn; the rest waits for the next. */
const roundsMax = 500;
/** Silence is judged at this pace, and what another process has taken in is found. */
const turnMs = 1_000;
/** After a ping of this process: together with those that come right after it. */
const nudgeMs = 50;
/** Under load a turn is followed by a rest of this many times its length: what one check says meanwhile is worked in at once. */
const restFactor = 9;
const restMsMax = 10_000;

export interface Applier extends AsyncDisposable {
  start(): void;
  /** Something was taken in. */
  nudge(): void;
  /** All that is due, once. */
  pass(): Promise<void>;
}

/**
 * Works what intake has acknowledged into the checks, then judges silence: in this order, so that nothing
 * that is in the journal counts as missing. One applier at a time over all processes.
 */
export function createApplier(ctx: Pick<Ctx, 'db' | 'clock' | 'events' | 'live' | 'log'>): Applier {
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let restedAt = Number.NEGATIVE_INFINITY;
  let nudged = false;
  let running: Promise<void> | undefined;
  let started = false;
  let stopped = false;

  /** @returns false when another process is at it, or nothing was left. */
  async function round(limit: number): Promise<boolean> {
    // Across tenants: a journal row holds what came in together, from anybody.
    return await ctx.db.system(
      async (tx) =>
        (await becomeApplier(tx)) && (await applyJournal(ctx, tx, { rows: limit, bytes: textBytesMax })) > 0,
    );
  }

  async function drain(): Promise<void> {
    for (let done = 0; done < roundsMax && !stopped; done += 1) {
      try {
        if (!(await round(rowsMax))) return;
      } catch (error) {
        if (isOfTheDatabase(error) && sqlState(error) !== overlong) throw error;
        await drainCarefully(error);
      }
    }
  }

  /** Together they take too long, or something in one of them cannot be applied: one by one, and that one is set aside. */
  async function drainCarefully(cause: unknown): Promise<void> {
    ctx.log.warn(
      { err: cause },
      'a group of batches of pings could not be applied; each batch is tried alone',
    );
    for (let done = 0; done < rowsMax; done += 1) {
      try {
        if (!(await round(1))) return;
      } catch (error) {
        if (isOfTheDatabase(error)) throw error;
        ctx.log.error({ err: error }, 'a batch of pings cannot be applied and was set aside in ping_journal');
        await ctx.db.system(async (tx) => (await becomeApplier(tx)) && (await setFaultyAside(tx)));
      }
    }
  }

  async function turn(): Promise<void> {
    // Read before the journal: what is acknowledged by now is applied before silence is judged.
    const now = new Date(ctx.clock.now());
    await drain();
    for (let done = 0; done < roundsMax && !stopped; done += 1) {
      const judged = await ctx.db.system(async (tx) =>
        // Another process may be in the middle of the journal: then silence is judged in its turn.
        (await becomeApplier(tx)) && (await isJournalWorkedOff(tx, now))
          ? await judgeDue(ctx, tx, now, checksMax)
          : 0,
      );
      if (judged < checksMax) return;
    }
  }

  function schedule(inMs: number): void {
    if (stopped || !started || running !== undefined) return;
    const at = performance.now() + inMs;
    if (timer !== undefined && dueAt <= at) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(run, inMs);
  }

  function run(): void {
    timer = undefined;
    dueAt = Number.POSITIVE_INFINITY;
    nudged = false;
    const began = performance.now();
    running = turn()
      .catch((error: unknown) =>
        ctx.log.warn({ err: error }, 'pings could not be applied; the next turn tries again'),
      )
      .finally(() => {
        running = undefined;
        const ended = performance.now();
        restedAt = ended + Math.min(restMsMax, restFactor * (ended - began));
        schedule(nudged ? Math.max(nudgeMs, restedAt - ended) : turnMs);
      });
  }

  return {
    start() {
      started = true;
      schedule(0);
    },
    nudge() {
      if (nudged) return;
      nudged = true;
      schedule(Math.max(nudgeMs, restedAt - performance.now()));
    },
    pass: turn,
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/**
 * SQLSTATE classes that say nothing about the pings: what failed must be tried again, never set aside. Conflict,
 * resources, locks, a cancelled or overlong statement, the system, a defect; 23514: the day has no partition yet.
 */
function isOfTheDatabase(error: unknown): boolean {
  if (isDatabaseAway(error)) return true;
  return /^(40|53|55|57|58|XX)...$|^23514$/.test(sqlState(error));
}

/** query_canceled: also by the time limit of statements. */
const overlong = '57014';

function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
