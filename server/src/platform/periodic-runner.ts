import { sql } from 'kysely';
import { isClockSure } from './clock-step.ts';
import type { Ctx } from './context.ts';
import type { Module } from './module.ts';
import type { PeriodicWork } from './periodic.ts';
import { restSeconds } from './rest.ts';
import { storableText } from './storable.ts';

/**
 * A round that takes longer is abandoned: its signal aborts, and the next round starts even if this one did not react.
 */
const runSecondsMax = 600;
/** How long a round may take to finish after its signal has aborted. */
const graceSeconds = 10;
/** A worker looks at least this often, so that it soon takes the turn that a dying process left. */
const lookSecondsMax = 5;
const lookSecondsMin = 0.05;

export interface PeriodicRunner extends AsyncDisposable {
  /** Runs everything that is due now, once. */
  runDue(signal: AbortSignal): Promise<number>;
  /** When each work last finished in this process, for /health/live, as monotonic time. */
  readonly finishedAt: ReadonlyMap<string, number>;
}

export function createPeriodicRunner(
  ctx: Ctx,
  modules: readonly Module[],
): PeriodicRunner & { start(): void } {
  const works = modules.flatMap((module) => module.periodic ?? []);
  const finishedAt = new Map<string, number>();
  const stop = new AbortController();
  const running = new Set<Promise<void>>();
  const timers = new Map<string, NodeJS.Timeout>();

  /** Takes the turn if it is free, and returns how many seconds to wait before the next look. */
  async function runIfDue(
    work: PeriodicWork,
    signal: AbortSignal,
  ): Promise<{ ran: boolean; waitSeconds: number }> {
    if (work.ends === true && !isClockSure(ctx)) return { ran: false, waitSeconds: lookSecondsMax };
    const turn = await claim(ctx, work);
    if (!turn.mine) return { ran: false, waitSeconds: turn.waitSeconds };
    const seconds = work.runSecondsMax ?? runSecondsMax;
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
    let failure: string | null = null;
    try {
      await orAbandon(work.run(ctx, bounded), bounded, Math.min(seconds, graceSeconds));
    } catch (error) {
      failure = storableText(error instanceof Error ? error.message : String(error));
      ctx.log.error(
        { err: error, work: work.name },
        'periodic work failed; it is tried again at its next turn',
      );
    }
    const now = ctx.clock.now();
    finishedAt.set(work.name, ctx.clock.monotonic());
    await ctx.db.system((tx) =>
      sql`update periodic_work set finished_at = ${new Date(now)}, last_error = ${failure} where name = ${work.name}`.execute(
        tx,
      ),
    );
    return { ran: true, waitSeconds: (turn.dueAt - now) / 1000 };
  }

  function schedule(work: PeriodicWork, waitSeconds: number): void {
    if (stop.signal.aborted) return;
    const seconds = Math.min(Math.max(waitSeconds, lookSecondsMin), restSeconds(ctx.config, lookSecondsMax));
    const timer = setTimeout(() => {
      const look = runIfDue(work, stop.signal)
        .then(
          (turn) => turn.waitSeconds,
          (error) => {
            ctx.log.warn({ err: error, work: work.name }, 'periodic work could not be claimed');
            return lookSecondsMax;
          },
        )
        .then((next) => {
          running.delete(look);
          schedule(work, next);
        });
      running.add(look);
    }, seconds * 1000);
    timers.set(work.name, timer);
  }

  return {
    finishedAt,
    start() {
      for (const work of works) schedule(work, 0);
    },
    async runDue(signal) {
      const dueAt = await readDueTimes(ctx);
      let ran = 0;
      for (const work of works) {
        if (!mayBeDue(ctx, work, dueAt.get(work.name))) continue;
        if ((await runIfDue(work, signal)).ran) ran += 1;
      }
      return ran;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.allSettled(running);
    },
  };
}

/** A round that waits for ever must not prevent the next round. */
async function orAbandon(round: Promise<void>, signal: AbortSignal, seconds: number): Promise<void> {
  const { promise: isOver, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const hurry = () => {
    timer = setTimeout(
      () => reject(new Error('The round did not end in its time and was abandoned.')),
      seconds * 1000,
    );
  };
  if (signal.aborted) hurry();
  else signal.addEventListener('abort', hurry, { once: true });
  try {
    await Promise.race([round, isOver]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', hurry);
    // If it fails later, ignore that: we have already reported that it did not end.
    round.catch(() => undefined);
  }
}

/** When each work is due, in one query. Most works are not due, and asking for a turn costs a transaction. */
async function readDueTimes(ctx: Ctx): Promise<ReadonlyMap<string, number>> {
  const { rows } = await ctx.db.system((tx) =>
    sql<{ name: string; due_at: Date }>`select name, due_at from periodic_work`.execute(tx),
  );
  return new Map(rows.map((row) => [row.name, row.due_at.getTime()]));
}

/** Whether `claim` might succeed. If it would certainly refuse, we do not ask. */
function mayBeDue(ctx: Ctx, work: PeriodicWork, dueAt: number | undefined): boolean {
  const now = ctx.clock.now();
  return dueAt === undefined || dueAt <= now || dueAt > now + work.everySeconds(ctx) * 1000;
}

/** The row is the lock: the process that moves `due_at` forward has the turn. */
async function claim(
  ctx: Ctx,
  work: PeriodicWork,
): Promise<{ mine: true; dueAt: number } | { mine: false; waitSeconds: number }> {
  const now = ctx.clock.now();
  const next = new Date(now + work.everySeconds(ctx) * 1000);
  return await ctx.db.system(async (tx) => {
    const taken = await sql`
      insert into periodic_work as w (name, due_at, started_at) values (${work.name}, ${next}, ${new Date(now)})
      on conflict (name) do update set due_at = excluded.due_at, started_at = excluded.started_at
        -- A clock set back, or an interval made shorter, must not leave the row waiting for the old time.
        where w.due_at <= ${new Date(now)} or w.due_at > excluded.due_at
      returning name`.execute(tx);
    if (taken.rows.length === 1) return { mine: true, dueAt: next.getTime() };
    const { rows } = await sql<{
      due_at: Date;
    }>`select due_at from periodic_work where name = ${work.name}`.execute(tx);
    return { mine: false, waitSeconds: ((rows[0]?.due_at.getTime() ?? now) - now) / 1000 };
  });
}
