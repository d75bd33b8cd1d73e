import type { Ctx } from '#platform/context';
import { restMs } from '#platform/rest';
import { createWakeful } from '#platform/wakeful';
import { beginDue } from './begin-due.ts';
import { workRuns } from './work-runs.ts';

/** How often each worker looks. Changes of incidents and workflows wake it earlier, but a wake-up may be lost. */
const pollMs = 2_000;
/** `work --once` stops here even when more is due; cron calls again. */
const passesMax = 100;

export interface Workflows extends AsyncDisposable {
  start(): void;
  /** Begins and works on everything that is due now; for cron. */
  once(): Promise<void>;
}

/** Begins runs and does their steps. The work is in the rows, so any process can do it. */
export function createWorkflows(ctx: Ctx): Workflows {
  const stop = new AbortController();
  const look = async (signal: AbortSignal) => (await beginDue(ctx, signal)) + (await workRuns(ctx, signal));
  const loop = createWakeful({
    name: 'workflows',
    pollMs: restMs(ctx.config, pollMs),
    log: ctx.log,
    look: async (signal) => {
      if ((await look(AbortSignal.any([signal, stop.signal]))) > 0) loop.wake();
    },
  });
  const unsubscribe = ctx.live.subscribe(null, ({ topic }) => {
    if (topic === 'incident' || topic === 'workflow' || topic === 'resync') loop.wake();
  });
  return {
    start: () => loop.start(),
    async once() {
      for (let pass = 0; pass < passesMax && (await look(stop.signal)) > 0; pass += 1);
    },
    async [Symbol.asyncDispose]() {
      unsubscribe();
      stop.abort(new Error('The process is stopping.'));
      await loop[Symbol.asyncDispose]();
    },
  };
}
