import { Loops } from './loops.ts';
import { beat, claim, flush } from './rounds.ts';
import type { EngineState } from './state.ts';
import { leaveWork } from './store.ts';
import { begin } from './turn.ts';
import { createWorker, type EngineCtx } from './worker.ts';

/**
 * A claim takes checks that are due up to this far ahead. A timer then starts each run on time, independent of how long
 * the query took.
 */
const horizonMs = 600;
const claimEveryMs = 250;
const beatEveryMs = 750;
const flushEveryMs = 250;
/** When the process stops, running checks get this long to end. Another worker takes over the rest. */
const drainMs = 3_000;
/** Limit for one whole pass. */
const passMs = 600_000;

export interface Engine extends AsyncDisposable {
  /** Starts the loops: from now on the engine works by itself. */
  start(): void;
  /** Runs everything that is due now, once: for cron, and for tests with a clock of their own. Returns how many ran. */
  pass(): Promise<number>;
}

export function createEngine(ctx: EngineCtx): Engine {
  const worker = createWorker(ctx);
  const { owner, state, gate, stop } = worker;
  const unreached = 'the checks engine could not reach the database';
  const loops = new Loops(stop.signal, (part, error) => ctx.log.warn({ err: error, part }, unreached));

  async function claimAhead(): Promise<void> {
    for (const check of await claim(worker, horizonMs))
      loops.after(check.due_at.getTime() - ctx.clock.now(), () => begin(worker, check));
  }

  return {
    start() {
      const first = beat(worker).catch((error: unknown) => ctx.log.warn({ err: error }, unreached));
      void first.then(() => {
        loops.every('beat', beatEveryMs, () => beat(worker));
        loops.every('claim', claimEveryMs, claimAhead);
        loops.every('flush', flushEveryMs, () => flush(worker));
      });
    },
    async pass() {
      await beat(worker);
      const claimed = await claim(worker, 0);
      for (const check of claimed) begin(worker, check);
      await untilIdle(state, passMs);
      await flush(worker);
      return claimed.length;
    },
    async [Symbol.asyncDispose]() {
      loops.clear();
      // Checks that wait for their time are given back below. Only running checks are worth waiting for.
      state.isStopping = true;
      if (gate.running > 0) await untilIdle(state, drainMs);
      stop.abort();
      loops.clear();
      await loops.ended();
      try {
        await flush(worker);
        await leaveWork(ctx.db, owner, new Date(ctx.clock.now()));
      } catch (error) {
        ctx.log.warn(
          { err: error },
          'the checks engine could not give back its leases; they expire by themselves',
        );
      }
    },
  };
}

async function untilIdle(state: EngineState, ms: number): Promise<void> {
  if (state.held.size === 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  state.onIdle = resolve;
  const timer = setTimeout(resolve, ms);
  await promise;
  clearTimeout(timer);
  state.onIdle = undefined;
}
