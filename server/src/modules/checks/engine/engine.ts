import type { Ctx } from '#platform/context';
import { FairShare } from '#platform/fair-share';
import { newId } from '#platform/ids';
import { runCheck, runMsMax } from '../probe/probe.ts';
import { ConfigCache, type Runnable } from './config-cache.ts';
import { HostGate } from './host-gate.ts';
import { createCheckMetrics } from './metrics.ts';
import { type Preparable, type Prepared, prepareBatch } from './prepare.ts';
import { type Finished, recordBatch, unableRun } from './recorder.ts';
import { beatWorker, type ClaimedCheck, claimChecks, giveBack, leaveWork, workerSilentMs } from './store.ts';

/** Claims look this far ahead, so that a run begins by a timer, on time, and not when a query happens to return. */
const horizonMs = 600;
const claimEveryMs = 250;
const claimMax = 1_000;
/** Claimed and not finished, of one organization at most half; with more the worker leaves the rest to others. */
const heldMax = 4_096;
const beatEveryMs = 750;
const flushEveryMs = 250;
const flushMax = 500;
/** Results that wait for a database that is away. Older ones go first: their leases are lost soonest. */
const bufferedMax = 10_000;
const retryAfterFaultMs = 1_000;
/** Runs under way get this long when the process stops; what is not done then is another worker's. */
const drainMs = 3_000;
/** Begun later than this, something is wrong with this worker, and the log says so. */
const lateMs = 5_000;
const lateWarningEveryMs = 60_000;
/** A turn that was not used comes again this soon. */
const againMs = 2_000;
/** Not used for so long, it is said: a check that is never looked at must not pass for one that is well. */
const skippedMsMax = 60_000;
/** A run ends at its own deadline; a place held for so much longer is taken back. */
const placeSlackMs = 5_000;

export interface Engine extends AsyncDisposable {
  /** Works on its own from now on. */
  start(): void;
  /** Everything that is due now, once: for cron, and for tests with a clock of their own. Returns how many ran. */
  pass(): Promise<number>;
}

type EngineCtx = Pick<
  Ctx,
  'db' | 'events' | 'live' | 'clock' | 'config' | 'log' | 'outbound' | 'vault' | 'metrics' | 'parts'
>;

export function createEngine(ctx: EngineCtx): Engine {
  const owner = newId();
  const gate = new HostGate();
  const configs = new ConfigCache(ctx);
  const metrics = createCheckMetrics(ctx.metrics, () => gate.running);
  const stop = new AbortController();
  /** By its id, whose it is. */
  const held = new Map<string, string>();
  const share = new FairShare(heldMax);
  /** Since when the turns of a check could not be used. */
  const skippedSince = new Map<string, number>();
  const prepared = new Map<string, Prepared>();
  const timers = new Set<NodeJS.Timeout>();
  const loops = new Map<string, NodeJS.Timeout>();
  const turns = new Set<Promise<unknown>>();
  let finished: Finished[] = [];
  let unwanted: string[] = [];
  const madeAt = ctx.clock.now();
  let beatAt = Number.NEGATIVE_INFINITY;
  let lateWarnedAt = Number.NEGATIVE_INFINITY;
  let stopping = false;
  let idle: (() => void) | undefined;

  function settle(check: ClaimedCheck): void {
    if (held.delete(check.check_id)) share.giveBack(check.organization_id);
    prepared.delete(check.check_id);
    if (held.size === 0 || (stopping && gate.running <= 1)) idle?.();
  }

  /** Its turn is here. A worker that may be thought dead starts nothing: another one has it by now. */
  function begin(check: ClaimedCheck): void {
    const known = configs.get(check.check_id);
    const gone = ctx.clock.monotonic() - beatAt > workerSilentMs;
    if (stop.signal.aborted || gone || known === undefined) giveUp(check);
    else if ('fault' in known) finish(check, unableRun(known.fault), 'unknown');
    else {
      const ready = prepared.get(check.check_id) ?? { given: undefined };
      if ('fault' in ready) finish(check, unableRun(ready.fault), known.kind.kind);
      else start(check, known, ready.given);
    }
  }

  function start(check: ClaimedCheck, known: Exclude<Runnable, { fault: string }>, given: unknown): void {
    const settings = { timeoutMs: check.timeout_seconds * 1_000, retries: check.retries };
    let isOver = false;
    const entered = gate.enter({
      owner: check.organization_id,
      target: known.target,
      limitMs: runMsMax(settings) + placeSlackMs,
      async run() {
        // What fell due while nobody was here is not late by this worker.
        noteLateness(ctx.clock.now() - Math.max(check.due_at.getTime(), madeAt));
        const options = { signal: stop.signal, keepLog: false, owner: check.organization_id, given };
        const at = new Date(ctx.clock.now());
        const run = await runCheck(ctx, known.kind, known.config, settings, options);
        if (isOver) return;
        if (stop.signal.aborted) settle(check);
        else finish(check, run, known.kind.kind, at);
      },
      overdue() {
        isOver = true;
        metrics.overdue.inc({ kind: known.kind.kind });
        ctx.log.error(
          { check: check.check_id, kind: known.kind.kind },
          'a run did not end; its place was freed',
        );
        finish(
          check,
          unableRun('Its run did not end in time, so the server stopped waiting for it.'),
          known.kind.kind,
        );
      },
    });
    if (entered) skippedSince.delete(check.check_id);
    else skip(check, known.kind.kind);
  }

  /** Too many of its target wait: that is our queue, and says nothing of the target. */
  function skip(check: ClaimedCheck, kind: string): void {
    metrics.skipped.inc();
    const now = ctx.clock.monotonic();
    const since = skippedSince.get(check.check_id) ?? now;
    skippedSince.set(check.check_id, since);
    if (now - since < skippedMsMax) giveUp(check);
    else
      finish(
        check,
        unableRun('Too many checks of the same target are waiting, so this server did not run it.'),
        kind,
      );
  }

  function giveUp(check: ClaimedCheck): void {
    unwanted.push(check.check_id);
    settle(check);
  }

  function finish(check: ClaimedCheck, run: Finished['run'], kind: string, at?: Date): void {
    metrics.results.inc({ kind, outcome: run.outcome });
    finished.push({ check, at: at ?? new Date(ctx.clock.now()), run });
    // What is not kept is looked at again.
    if (finished.length > bufferedMax)
      unwanted.push(...finished.splice(0, 1).map((one) => one.check.check_id));
    settle(check);
  }

  function noteLateness(ms: number): void {
    metrics.lateness.observe(Math.max(0, ms) / 1_000);
    if (ms < lateMs || ctx.clock.now() - lateWarnedAt < lateWarningEveryMs) return;
    lateWarnedAt = ctx.clock.now();
    ctx.log.warn({ lateMs: Math.round(ms), running: gate.running, held: held.size }, 'checks begin late');
  }

  async function claim(aheadMs: number): Promise<ClaimedCheck[]> {
    const room = Math.min(claimMax, heldMax - held.size);
    const now = ctx.clock.now();
    if (room <= 0 || ctx.clock.monotonic() - beatAt > workerSilentMs / 2) return [];
    const claimed = await claimChecks(ctx.db, {
      horizon: new Date(now + aheadMs),
      now: new Date(now),
      owner,
      limit: room,
      full: share.full(),
    });
    for (const { check_id: id, organization_id: organizationId } of claimed) {
      if (!held.has(id)) share.add(organizationId);
      held.set(id, organizationId);
    }
    try {
      await configs.load(claimed);
      for (const [id, one] of await prepareBatch(ctx, preparable(claimed))) prepared.set(id, one);
    } catch (error) {
      // Not begun, so not kept from others: their leases are given back with the next flush.
      for (const check of claimed) giveUp(check);
      throw error;
    }
    return claimed;
  }

  function preparable(claimed: readonly ClaimedCheck[]): Preparable[] {
    return claimed.flatMap(({ check_id: checkId }) => {
      const known = configs.get(checkId);
      return known === undefined || 'fault' in known ? [] : [{ checkId, ...known }];
    });
  }

  function schedule(check: ClaimedCheck): void {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        begin(check);
      },
      Math.max(0, check.due_at.getTime() - ctx.clock.now()),
    );
    timers.add(timer);
  }

  async function flush(): Promise<void> {
    gate.freeOverdue();
    const skipped = unwanted;
    if (skipped.length > 0) await giveBack(ctx.db, owner, skipped, new Date(ctx.clock.now() + againMs));
    unwanted = unwanted.slice(skipped.length);
    for (let batch = 0; batch * flushMax < bufferedMax && finished.length > 0; batch += 1) {
      const some = finished.slice(0, flushMax);
      await recordBatch(ctx, owner, some);
      const done = new Set(some);
      finished = finished.filter((one) => !done.has(one));
    }
  }

  async function beat(): Promise<void> {
    // As it was sent: the database may have written it down later, never earlier.
    const now = ctx.clock.monotonic();
    await beatWorker(ctx.db, owner);
    beatAt = now;
  }

  function loop(name: string, everyMs: number, turn: () => Promise<unknown>): void {
    if (stop.signal.aborted) return;
    const running: Promise<void> = turn()
      .then(
        () => everyMs,
        (error: unknown) => {
          ctx.log.warn({ err: error, part: name }, 'the checks engine could not reach the database');
          return retryAfterFaultMs;
        },
      )
      .then((next) => {
        turns.delete(running);
        if (!stop.signal.aborted)
          loops.set(
            name,
            setTimeout(() => loop(name, everyMs, turn), next),
          );
      });
    turns.add(running);
  }

  async function untilIdle(ms: number): Promise<void> {
    if (held.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    idle = resolve;
    const timer = setTimeout(resolve, ms);
    await promise;
    clearTimeout(timer);
    idle = undefined;
  }

  /** The last run is still counted while it settles. */
  const untilQuiet = (): Promise<void> => (gate.running > 0 ? untilIdle(drainMs) : Promise.resolve());

  return {
    start() {
      const first = beat().catch((error: unknown) => {
        ctx.log.warn({ err: error }, 'the checks engine could not reach the database');
      });
      void first.then(() => {
        loop('beat', beatEveryMs, beat);
        loop('claim', claimEveryMs, async () => {
          for (const check of await claim(horizonMs)) schedule(check);
        });
        loop('flush', flushEveryMs, flush);
      });
    },
    async pass() {
      await beat();
      const claimed = await claim(0);
      for (const check of claimed) begin(check);
      await untilIdle(passMs);
      await flush();
      return claimed.length;
    },
    async [Symbol.asyncDispose]() {
      for (const timer of [...timers, ...loops.values()]) clearTimeout(timer);
      // What waits for its time is given back below; only what runs is worth waiting for.
      stopping = true;
      await untilQuiet();
      stop.abort();
      for (const timer of loops.values()) clearTimeout(timer);
      await Promise.allSettled(turns);
      try {
        await flush();
        await leaveWork(ctx.db, owner, new Date(ctx.clock.now()));
      } catch (error) {
        ctx.log.warn(
          { err: error },
          'the checks engine could not give back its leases; they run out by themselves',
        );
      }
    },
  };
}

/** One pass may take this long in all. */
const passMs = 600_000;
