import type { Ctx } from '#platform/context';
import { isDatabaseAway } from '#platform/db/database';
import { applyJournal, judgeDue } from './apply.ts';
import { becomeApplier, isJournalWorkedOff, setFaultyAside } from './store.ts';

/** Limits of one transaction: journal rows, and bytes of their text. A row holds pings that arrived together. */
const rowsMax = 5_000;
const textBytesMax = 32_000_000;
const checksMax = 500;
/** Transactions per turn. The rest waits for the next turn. */
const roundsMax = 500;
/** Time between turns: silence is judged, and pings that another process received are applied. */
const turnMs = 1_000;
/** Wait after a ping in this process, so that pings right after it are applied together with it. */
const nudgeMs = 50;
/**
 * Under load, a rest of this many times the turn's length follows each turn. Pings that arrive meanwhile are applied
 * together.
 */
const restFactor = 9;
const restMsMax = 10_000;

export interface Applier extends AsyncDisposable {
  start(): void;
  /** Call this when a ping was received. */
  nudge(): void;
  /** Does everything that is due, once. */
  pass(): Promise<void>;
}

/**
 * Applies acknowledged pings to their checks, then judges silence. In this order, so that a ping in the journal never
 * counts as missing. Only one process at a time applies pings.
 */
export function createApplier(ctx: Pick<Ctx, 'db' | 'clock' | 'events' | 'live' | 'log'>): Applier {
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let restedAt = Number.NEGATIVE_INFINITY;
  let nudged = false;
  let running: Promise<void> | undefined;
  let started = false;
  let stopped = false;

  /** @returns false when another process is applying, or nothing was left. */
  async function round(limit: number): Promise<boolean> {
    // Across tenants: a journal row holds pings of all organizations.
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

  /** A group took too long or failed. Applies its rows one at a time, and sets aside the row that cannot be applied. */
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
    // Read before the journal: everything acknowledged until now is applied before silence is judged.
    const now = new Date(ctx.clock.now());
    await drain();
    for (let done = 0; done < roundsMax && !stopped; done += 1) {
      const judged = await ctx.db.system(async (tx) =>
        // Another process may be applying the journal. Then that process judges silence.
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
 * SQLSTATE classes that say nothing about the pings, so the work is tried again and never set aside: conflicts,
 * resources, locks, cancelled or too long statements, the system, internal errors. 23514: the partition of the day does
 * not exist yet.
 */
function isOfTheDatabase(error: unknown): boolean {
  if (isDatabaseAway(error)) return true;
  return /^(40|53|55|57|58|XX)...$|^23514$/.test(sqlState(error));
}

/** query_canceled. The time limit for statements raises it, too. */
const overlong = '57014';

function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
