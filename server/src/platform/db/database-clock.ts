import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { type Database, toDatabaseError } from './database.ts';

/** How often the database is asked for its time. */
const syncEveryMs = 1_000;
/** A smaller difference comes from the network or the event loop, not from a clock. */
const toleranceMs = 25;
/** An answer that took longer is too imprecise. */
const roundTripMsMax = 500;
/** Before its start, a process asks this many times for a quick answer. */
const syncTurnsMax = 8;
/** A correction of at least this size is logged. */
const stepMs = 1_000;

/** The database's clock moved differently from the time that passed. */
export interface ClockJump {
  /** Positive: ahead. Negative: back. */
  readonly byMs: number;
  /** When it was noticed, on the monotonic scale. */
  readonly monotonic: number;
}

export interface DatabaseClock extends Clock, Disposable {
  /** The last one since this process started. */
  jump(): ClockJump | null;
  /** Asks the database for its time and follows it. @throws database_unavailable */
  sync(): Promise<void>;
  /** Keeps asking until it is disposed of. While the database is away, the clock continues as it is. */
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
  let base: { readonly at: number; readonly monotonic: number; readonly roundTrip: number } | undefined;
  let jump: ClockJump | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const timeAt = (monotonic: number): number | undefined =>
    base === undefined ? undefined : base.at + monotonic - base.monotonic;

  /** @returns how long the answer took, in milliseconds. */
  async function ask(): Promise<number> {
    const asked = performance.now();
    const ownTime = own();
    const { rows } = await db.pool.query<{ ms: number }>({
      name: 'platform.clock',
      text: 'select extract(epoch from clock_timestamp())::float8 * 1000 as ms',
    });
    const roundTrip = performance.now() - asked;
    const at = rows[0]?.ms;
    if (at === undefined || (base !== undefined && roundTrip > roundTripMsMax && roundTrip >= base.roundTrip))
      return roundTrip;
    const middle = asked + roundTrip / 2;
    // Until it proves wrong, our own clock is as good: on one machine both are the same.
    const before = timeAt(middle) ?? ownTime + roundTrip / 2;
    const off = at - before;
    const isRight = Math.abs(off) <= roundTrip / 2 + toleranceMs;
    if (isRight && base !== undefined) {
      base = { ...base, roundTrip: Math.min(base.roundTrip, roundTrip) };
      return roundTrip;
    }
    if (!isRight && Math.abs(off) >= stepMs)
      log.warn(
        { aheadMs: Math.round(off) },
        "the database's clock is ahead of ours by that; ours follows it",
      );
    if (!isRight && base !== undefined && Math.abs(off) >= stepMs) jump = { byMs: off, monotonic: middle };
    base = { at: isRight ? before : at, monotonic: middle, roundTrip };
    return roundTrip;
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
        // The first answer also waits for a connection, and on a busy machine for others: a wrong first
        // time would need a correction by a step.
        let roundTrip = await ask();
        for (let turn = 1; turn < syncTurnsMax && (turn < 2 || roundTrip > roundTripMsMax); turn += 1)
          roundTrip = await ask();
      } catch (error) {
        throw toDatabaseError(error);
      }
    },
    jump: () => jump,
    follow: next,
    [Symbol.dispose]() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
