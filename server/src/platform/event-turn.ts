import { cutText, oneLine } from '@watchkeeper/contracts/text';
import type { Ctx } from './context.ts';
import { isDatabaseAway, type Tx } from './db/database.ts';
import {
  type ClaimedEvent,
  claimEvent,
  deleteEvent,
  giveUpEvent,
  type Lane,
  postponeEvent,
} from './event-store.ts';
import type { Subscription } from './events.ts';
import { logScope } from './log.ts';
import { outboxAttemptsMax, retrySeconds } from './outbox-work.ts';
import { storableText } from './storable.ts';

/**
 * A lane's turn ends after this many events, or after the time below, so that a large backlog does not delay other
 * lanes.
 */
const turnEventsMax = 20;
const turnMs = 1_000;
/** An event that failed because the database was unreachable is due again after this. */
const awaySeconds = 2;
const errorCharsMax = 300;

export interface Turn {
  readonly ctx: Ctx;
  readonly lane: Lane;
  readonly subscription: Subscription;
  /** The process that claims. */
  readonly by: string;
  /**
   * Called with the id of each event whose handler begins. The function that it returns is called when the handler has
   * ended.
   */
  readonly hold: (id: string) => () => void;
  /** Aborted when the process stops; running handlers are then abandoned. */
  readonly signal: AbortSignal;
  /** The most events to work on. */
  readonly limit?: number;
}

/**
 * Works on events of one lane, one after the other, until none is due or the turn ends.
 * @returns how many, and whether more may be due
 */
export async function takeTurn(turn: Turn): Promise<{ done: number; more: boolean }> {
  const { ctx, lane, by, signal } = turn;
  const limit = Math.min(turn.limit ?? turnEventsMax, turnEventsMax);
  const endsAt = performance.now() + turnMs;
  const next = (tx: Tx) => claimEvent(tx, lane, by);
  // Across tenants, like all statements of this outbox: the lane names its organization.
  let event = await ctx.db.system(next);
  let done = 0;
  while (event !== undefined) {
    const held: ClaimedEvent = event;
    const failure = await handle(turn, held);
    done += 1;
    const goesOn = done < limit && performance.now() < endsAt && !signal.aborted && !isAway(failure);
    event = await ctx.db.system(async (tx) => {
      await settle(tx, turn, held, failure);
      return goesOn ? await next(tx) : undefined;
    });
    if (!goesOn) return { done, more: !isAway(failure) };
  }
  return { done, more: false };
}

interface Failure {
  readonly error: unknown;
}

const isAway = (failure: Failure | undefined) => failure !== undefined && isDatabaseAway(failure.error);

async function handle(turn: Turn, { id, payload, attempts }: ClaimedEvent): Promise<Failure | undefined> {
  const { ctx, lane, subscription } = turn;
  const name = `${lane.event}.${lane.subscriber}`;
  if (attempts > attemptsMax(ctx))
    return { error: new Error('Its process ended before the event was done.') };
  const release = turn.hold(id);
  try {
    await logScope.run({ event: name, event_id: id }, () =>
      withinDeadline(
        (signal) => subscription.handler(ctx, payload, signal),
        subscription.secondsMax,
        turn.signal,
      ),
    );
    return undefined;
  } catch (error) {
    ctx.log.warn({ err: error, event: name, event_id: id, attempts }, 'an event could not be worked on');
    return { error };
  } finally {
    release();
  }
}

async function settle(
  tx: Tx,
  { ctx, by, lane, signal }: Turn,
  held: ClaimedEvent,
  failure: Failure | undefined,
): Promise<void> {
  if (failure === undefined) return await deleteEvent(tx, held.id);
  if (signal.aborted) return await postponeEvent(tx, held, by, { seconds: 0, isCounted: false });
  if (isAway(failure)) return await postponeEvent(tx, held, by, { seconds: awaySeconds, isCounted: false });
  if (held.attempts < attemptsMax(ctx))
    return await postponeEvent(tx, held, by, { seconds: retrySeconds(held.attempts), isCounted: true });
  ctx.log.error(
    { err: failure.error, event: `${lane.event}.${lane.subscriber}`, event_id: held.id },
    'an event could not be worked on and is given up',
  );
  const { error } = failure;
  const words = storableText(oneLine(error instanceof Error ? error.message : String(error)));
  await giveUpEvent(tx, held, by, cutText(words, errorCharsMax));
}

function attemptsMax({ config }: Pick<Ctx, 'config'>): number {
  const { maxRetries } = config.worker;
  return maxRetries === undefined ? outboxAttemptsMax : maxRetries + 1;
}

/** Waits for `work` until its deadline or until `stop`. Then it aborts the signal of `work` and stops waiting. */
async function withinDeadline(
  work: (signal: AbortSignal) => Promise<void>,
  seconds: number,
  stop: AbortSignal,
): Promise<void> {
  const late = new AbortController();
  const { promise: isOver, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown) => {
    late.abort(reason);
    reject(reason);
  };
  const timer = setTimeout(() => end(new Error(`It was not done after ${seconds} s.`)), seconds * 1_000);
  const onStop = () => end(stop.reason);
  if (stop.aborted) onStop();
  else stop.addEventListener('abort', onStop, { once: true });
  try {
    await Promise.race([work(late.signal), isOver]);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', onStop);
    isOver.catch(() => undefined);
  }
}
