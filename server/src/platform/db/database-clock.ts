import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { type Database, toDatabaseError } from './database.ts';

/** The database is asked for its time at this pace. */
const syncEveryMs = 1_000;
/** A smaller difference is the network's or the event loop's, and no clock's. */
const toleranceMs = 25;
/** An answer that took longer says too little about when it was given. */
const roundTripMsMax = 500;
/** A correction of this size is told in the log. */
const stepMs = 1_000;

export interface DatabaseClock extends Clock, Disposable {
  /** Asks the database for its time and follows it. @throws database_unavailable */
  sync(): Promise<void>;
  /** Goes on asking until it is disposed of; a database that is away leaves the clock running as it is. */
  follow(): void;
}

/**
 * One clock for all processes: the database's. Due times, beats, leases and claims that one process stamps are
 * compared by another, so the clocks of their machines never count. Between two answers it runs by the
 * monotonic clock: a step of the machine's own clock does not show.
 */
export function createDatabaseClock(
  db: Pick<Database, 'pool'>,
  log: Pick<Logger, 'warn'>,
  own: () => number = Date.now,
): DatabaseClock {
  let base: { readonly at: number; readonly monotonic: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const timeAt = (monotonic: number): number | undefined =>
    base === undefined ? undefined : base.at + monotonic - base.monotonic;

  async function ask(): Promise<void> {
    const asked = performance.now();
    const ownTime = own();
    const { rows } = await db.pool.query<{ ms: number }>({
      name: 'platform.clock',
      text: 'select extract(epoch from clock_timestamp())::float8 * 1000 as ms',
    });
    const roundTrip = performance.now() - asked;
    const at = rows[0]?.ms;
    if (at === undefined || (base !== undefined && roundTrip > roundTripMsMax)) return;
    const middle = asked + roundTrip / 2;
    // Until it proves wrong our own clock is as good: on one machine both are the same.
    const before = timeAt(middle) ?? ownTime + roundTrip / 2;
    const off = at - before;
    const isRight = Math.abs(off) <= roundTrip / 2 + toleranceMs;
    if (isRight && base !== undefined) return;
    if (!isRight && Math.abs(off) >= stepMs)
      log.warn(
        { aheadMs: Math.round(off) },
        "the database's clock is ahead of ours by that; ours follows it",
      );
    base = { at: isRight ? before : at, monotonic: middle };
  }

  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => void ask().then(next, next), syncEveryMs);
    timer.unref();
  }

  return {
    now: () => Math.floor(timeAt(performance.now()) ?? own()),
    monotonic: () => performance.now(),
    async sync() {
      try {
        // The first answer also waits for a connection; the second one says more.
        await ask();
        await ask();
      } catch (error) {
        throw toDatabaseError(error);
      }
    },
    follow: next,
    [Symbol.dispose]() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
