import type { Ctx } from './context.ts';
import { subscriptionsOf } from './event-publisher.ts';
import { eventsTopic, type Lane, listLanes, renewClaims } from './event-store.ts';
import { takeTurn } from './event-turn.ts';
import { EventTurns, subscriptionKey } from './event-turns.ts';
import type { Subscription } from './events.ts';
import type { House } from './module.ts';
import { restMs } from './rest.ts';
import { createWakeful } from './wakeful.ts';

/** How often a worker looks without a notice: for events that are retried, and in case a NOTIFY was lost. */
const lookMs = 2_000;
/** The most lanes that one look finds. The next look finds the rest. */
const lanesMax = 500;
/**
 * How many lanes of one subscription a process works on in parallel. A subscription whose handlers hang does not delay
 * the others.
 */
const placesMax = 4;
const renewMs = 5_000;

export interface EventWork {
  /** Starts working on events in this process. */
  start(): void;
  /** Works on what is due now, at most `eventsMax`: `watchkeeper work --once`. Returns how many. */
  drain(eventsMax: number): Promise<number>;
  /** Takes no more events. Waits at most `waitMs` for running handlers, then abandons their events. */
  stop(waitMs: number): Promise<void>;
}

/** Hands events to their subscribers. Every lane has its own turns, so no lane waits for the backlog of another. */
export function createEventWork(
  ctx: Pick<Ctx, 'db' | 'log' | 'live' | 'config' | 'process'>,
  house: House,
): EventWork {
  // Safe because the composition root passes the whole ctx; tests pass the parts that their handlers read.
  const handed = ctx as Ctx;
  const subscriptions = new Map(subscriptionsOf(house).map((one) => [subscriptionKey(one), one]));
  const { id: by } = ctx.process;
  const stop = new AbortController();
  const underWay = new Map<string, Promise<void>>();
  const places = new Map<string, number>();
  const turns = new EventTurns();
  const claims = createClaims(ctx, by);

  const hasPlace = (key: string) => (places.get(key) ?? 0) < placesMax;
  const turnOf = (lane: Lane, subscription: Subscription) => ({
    ...{ ctx: handed, lane, subscription, by, signal: stop.signal },
    hold: claims.hold,
  });

  async function look(): Promise<void> {
    const free = [...subscriptions].filter(([key]) => hasPlace(key));
    if (free.length === 0) return;
    const known = free.map(([, subscription]) => subscription);
    // Across tenants: a waiting event names its organization.
    const found = await ctx.db.system((tx) => listLanes(tx, known, lanesMax));
    turns.found(new Set(free.map(([key]) => key)), found);
    beginTurns();
  }

  function beginTurns(): void {
    if (!stop.signal.aborted && !stopping) turns.offer(begin);
  }

  /** false: the lane is already being worked on, or its subscription has no free place. */
  function begin(lane: Lane): boolean {
    const own = subscriptionKey(lane);
    const subscription = subscriptions.get(own);
    if (subscription === undefined || underWay.has(laneKey(lane)) || !hasPlace(own)) return false;
    places.set(own, (places.get(own) ?? 0) + 1);
    underWay.set(laneKey(lane), work(lane, subscription));
    return true;
  }

  async function work(lane: Lane, subscription: Subscription): Promise<void> {
    const own = subscriptionKey(lane);
    const more = await takeTurn(turnOf(lane, subscription)).then(
      (turn) => turn.more,
      (error) => {
        ctx.log.warn({ err: error, event: own }, 'a turn of events ended early; the next look goes on');
        return false;
      },
    );
    underWay.delete(laneKey(lane));
    const wasFull = !hasPlace(own);
    places.set(own, (places.get(own) ?? 1) - 1);
    if (more) turns.again(lane);
    beginTurns();
    // Looks left this subscription out while all its places were taken.
    if (wasFull && hasPlace(own)) loop.wake();
  }

  /**
   * Whether a subscription to one of these events has a free place (empty: a subscription to any). If none has, the
   * next turn that ends starts a look.
   */
  function someHasPlace(events: readonly string[]): boolean {
    return [...subscriptions].some(
      ([key, { event }]) => (events.length === 0 || events.includes(event)) && hasPlace(key),
    );
  }

  let stopping = false;
  const loop = createWakeful({ name: 'events', pollMs: restMs(ctx.config, lookMs), look, log: ctx.log });
  const unsubscribe = ctx.live.subscribe(null, ({ topic, ids }) => {
    if (topic === 'resync' || (topic === eventsTopic && someHasPlace(ids))) loop.wake();
  });

  return {
    start: () => loop.start(),
    async drain(eventsMax) {
      const known = [...subscriptions.values()];
      for (let ran = 0; ; ) {
        const lanes = await ctx.db.system((tx) => listLanes(tx, known, lanesMax));
        const before = ran;
        for (const lane of lanes) {
          const subscription = subscriptions.get(subscriptionKey(lane));
          if (subscription === undefined || ran >= eventsMax) continue;
          ran += (await takeTurn({ ...turnOf(lane, subscription), limit: eventsMax - ran })).done;
        }
        if (ran === before) return ran;
      }
    },
    async stop(waitMs) {
      stopping = true;
      unsubscribe();
      await loop[Symbol.asyncDispose]();
      const letGo = setTimeout(() => stop.abort(new Error('The process is stopping.')), waitMs);
      await Promise.all(underWay.values());
      clearTimeout(letGo);
    },
  };
}

/** Renews the claims of handlers that are still working. */
function createClaims(ctx: Pick<Ctx, 'db' | 'log'>, by: string) {
  const held = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const renew = () =>
    void ctx.db
      .system((tx) => renewClaims(tx, [...held], by))
      .catch((error: unknown) => ctx.log.warn({ err: error }, 'claims of events could not be renewed'));
  return {
    /** Renews the claim until the returned function is called. */
    hold(id: string): () => void {
      held.add(id);
      timer ??= setInterval(renew, renewMs);
      return () => {
        held.delete(id);
        if (held.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

const laneKey = (lane: Lane) => `${subscriptionKey(lane)} ${lane.organizationId}`;
