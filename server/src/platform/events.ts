import type { Ctx } from './context.ts';
import type { Tx } from './db/database.ts';

/** A domain event, declared by the module that publishes it; the name says what happened, in the past tense. */
export interface DomainEvent<Payload extends object> {
  readonly name: string;
  /** Carries the payload type only. */
  readonly payload?: Payload;
}

export function defineEvent<Payload extends object>(name: string): DomainEvent<Payload> {
  return { name };
}

export interface Subscription {
  readonly event: string;
  /** Unique per event; names the queue, so it must stay stable across releases. */
  readonly subscriber: string;
  readonly handler: (ctx: Ctx, payload: object) => Promise<void>;
}

/** A higher floor listens to a lower one. Delivered at least once: handlers are idempotent. */
export function subscribe<Payload extends object>(
  event: DomainEvent<Payload>,
  subscriber: string,
  handler: (ctx: Ctx, payload: Payload) => Promise<void>,
): Subscription {
  // Safe because only `publish` with the same event object writes this queue.
  return { event: event.name, subscriber, handler: handler as Subscription['handler'] };
}

export interface Events {
  /** Enqueues one job per subscriber in the same transaction as the change that it tells of. */
  publish<Payload extends object>(tx: Tx, event: DomainEvent<Payload>, payload: Payload): Promise<void>;
}
