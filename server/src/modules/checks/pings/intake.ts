import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import type { PingDirectory, PingTarget } from './directory.ts';
import { createJournal, type Settle } from './journal.ts';
import type { SaidPing } from './ping.ts';

/** Checks whose pings of the current minute are counted. Beyond this, counting starts again. */
const countedMax = 200_000;
const minuteMs = 60_000;

/** Takes in pings, whatever their wire format. */
export interface PingIntake extends AsyncDisposable {
  readonly directory: PingDirectory;
  /** `settle` is called when the ping is committed, or with the error. @throws rate_limited, overloaded */
  take(target: PingTarget, ping: SaidPing, settle: Settle): void;
}

export function createPingIntake(
  ctx: Pick<Ctx, 'db' | 'clock' | 'log' | 'config'>,
  directory: PingDirectory,
  written: () => void,
): PingIntake {
  const journal = createJournal(ctx, written);
  const perMinute = ctx.config.checks.pingsPerMinute;
  let counts = new Map<string, number>();
  let minute = 0;

  /** Counted per check, process and clock minute: cheap, and enough to stop a script that runs in a tight loop. */
  function count(checkId: string, at: number): void {
    const now = Math.floor(at / minuteMs);
    if (now !== minute || counts.size >= countedMax) {
      minute = now;
      counts = new Map();
    }
    const so = (counts.get(checkId) ?? 0) + 1;
    counts.set(checkId, so);
    if (so > perMinute)
      throw new AppError('rate_limited', `More than ${perMinute} pings of one check in a minute.`, {
        retryAfterSeconds: ((now + 1) * minuteMs - at) / 1_000,
      });
  }

  return {
    directory,
    take(target, ping, settle) {
      const at = ctx.clock.now();
      if (perMinute > 0) count(target.id, at);
      journal.add(target.id, at, ping, settle);
    },
    async [Symbol.asyncDispose]() {
      await journal[Symbol.asyncDispose]();
      directory[Symbol.dispose]();
    },
  };
}
