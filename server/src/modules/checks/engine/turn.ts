import { runCheck, runMsMax } from '../probe/probe.ts';
import type { Runnable } from './config-cache.ts';
import { type Finished, unableRun } from './recorder.ts';
import { isIdle, isThoughtDead, keepResult, letGo, noteLate, noteSkipped } from './state.ts';
import type { ClaimedCheck } from './store.ts';
import type { CheckWorker } from './worker.ts';

/** A run ends at its own deadline. A place that is held for this much longer is taken back. */
const placeSlackMs = 5_000;

/** Uses the turn of a claimed check: it runs, or it records why it cannot, or it gives the turn back. */
export function begin(worker: CheckWorker, check: ClaimedCheck): void {
  const { ctx, state, configs, stop } = worker;
  const known = configs.get(check.check_id);
  if (stop.signal.aborted || isThoughtDead(state, ctx.clock.monotonic()) || known === undefined)
    giveUp(worker, check);
  else if ('fault' in known) finish(worker, check, unableRun(known.fault), 'unknown');
  else {
    const ready = state.prepared.get(check.check_id) ?? { given: undefined };
    if ('fault' in ready) finish(worker, check, unableRun(ready.fault), known.kind.kind);
    else start(worker, check, known, ready.given);
  }
}

/** Gives the turn back: the lease goes back with the next flush. */
export function giveUp(worker: CheckWorker, check: ClaimedCheck): void {
  worker.state.unwanted.push(check.check_id);
  settle(worker, check);
}

function start(
  worker: CheckWorker,
  check: ClaimedCheck,
  known: Exclude<Runnable, { fault: string }>,
  given: unknown,
): void {
  const { ctx, state, gate, metrics, stop } = worker;
  const { kind } = known.kind;
  const settings = { timeoutMs: check.timeout_seconds * 1_000, retries: check.retries };
  let isOver = false;
  const entered = gate.enter({
    owner: check.organization_id,
    target: known.target,
    limitMs: runMsMax(settings) + placeSlackMs,
    async run() {
      tellLateness(worker, check);
      const options = { signal: stop.signal, keepLog: false, owner: check.organization_id, given };
      const at = new Date(ctx.clock.now());
      const run = await runCheck(ctx, known.kind, known.config, settings, options);
      if (isOver) return;
      if (stop.signal.aborted) settle(worker, check);
      else finish(worker, check, run, kind, at);
    },
    overdue() {
      isOver = true;
      metrics.overdue.inc({ kind });
      ctx.log.error({ check: check.check_id, kind }, 'a run did not end; its place was freed');
      finish(
        worker,
        check,
        unableRun('Its run did not end in time, so the server stopped waiting for it.'),
        kind,
      );
    },
  });
  if (entered) state.skips.delete(check.check_id);
  else skip(worker, check, kind);
}

/** Too many checks wait for the same target. That is our own queue, and says nothing about the target. */
function skip(worker: CheckWorker, check: ClaimedCheck, kind: string): void {
  const { ctx, state, metrics } = worker;
  metrics.skipped.inc();
  if (noteSkipped(state, check.check_id, ctx.clock.monotonic())) {
    const words = 'Too many checks of the same target are waiting, so this server did not run it.';
    finish(worker, check, unableRun(words), kind);
  } else giveUp(worker, check);
}

function finish(
  worker: CheckWorker,
  check: ClaimedCheck,
  run: Finished['run'],
  kind: string,
  at?: Date,
): void {
  const { ctx, state, metrics } = worker;
  metrics.results.inc({ kind, outcome: run.outcome });
  keepResult(state, { check, at: at ?? new Date(ctx.clock.now()), run });
  settle(worker, check);
}

function settle({ state, gate }: CheckWorker, check: ClaimedCheck): void {
  letGo(state, check);
  if (isIdle(state, gate.running)) state.onIdle?.();
}

/** A check that was already due when this worker started is not counted as late. */
function tellLateness({ ctx, state, gate, metrics, madeAt }: CheckWorker, check: ClaimedCheck): void {
  const now = ctx.clock.now();
  const ms = now - Math.max(check.due_at.getTime(), madeAt);
  metrics.lateness.observe(Math.max(0, ms) / 1_000);
  if (noteLate(state, ms, now))
    ctx.log.warn(
      { lateMs: Math.round(ms), running: gate.running, held: state.held.size },
      'checks begin late',
    );
}
