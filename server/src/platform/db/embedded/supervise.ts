import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import { lastWords } from './diagnosis.ts';
import { type Launched, type LaunchPlan, relaunch } from './launch.ts';
import type { Endpoint } from './state-file.ts';

const restartDelayFirstMs = 250;
const restartDelayMaxMs = 30_000;
/** About a day of tries at the longest delay: an operator may notice a full disk only in the morning. */
const restartAttemptsMax = 2_880;

export interface Supervisor {
  current(): Launched | undefined;
  /** After this there are no restarts. Resolves when no restart is running. */
  end(): Promise<void>;
}

/** Restarts the database at the same address when it ends unexpectedly (out of memory, killed, full disk). */
export function supervise(plan: LaunchPlan, endpoint: Endpoint, first: Launched, log: Logger): Supervisor {
  let launched: Launched | undefined = first;
  let restarting: Promise<void> = Promise.resolve();
  const ending = new AbortController();

  function hold(run: Launched): void {
    launched = run;
    const onEnd = (how: string) => {
      launched = undefined;
      if (!ending.signal.aborted) restarting = restart(run, how);
    };
    const { exitCode, signalCode } = run.child;
    // It may have ended before we added the listener.
    if (exitCode !== null || signalCode !== null) onEnd(signalCode ?? `exit code ${exitCode}`);
    else run.child.once('exit', (code, signal) => onEnd(signal ?? `exit code ${code}`));
  }

  async function restart(ended: Launched, how: string): Promise<void> {
    log.error(
      { how, said: lastWords(await ended.output()) },
      'the database ended unexpectedly; starting it again',
    );
    let waitMs = restartDelayFirstMs;
    for (let attempt = 1; attempt <= restartAttemptsMax && !ending.signal.aborted; attempt += 1) {
      try {
        const run = await relaunch(plan, endpoint);
        log.warn({ pid: run.pid, attempt }, 'the database is back');
        hold(run);
        return;
      } catch (error) {
        log.error(
          { attempt, reason: error instanceof Error ? error.message : String(error) },
          'the database does not start',
        );
      }
      await delay(waitMs, undefined, { signal: ending.signal }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, restartDelayMaxMs);
    }
  }

  hold(first);
  return {
    current: () => launched,
    async end() {
      ending.abort();
      await restarting;
    },
  };
}
