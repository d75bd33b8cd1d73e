import type { Ctx } from './context.ts';
import type { DomainEvent } from './event-bus.ts';

export type { DomainEvent, Events } from './event-bus.ts';

export function defineEvent<Payload extends object>(name: string): DomainEvent<Payload> {
  return { name };
}

export type PayloadOf<Event> = Event extends DomainEvent<infer Payload> ? Payload : never;

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
