import type { Ctx } from './context.ts';
import type { DomainEvent } from './event-bus.ts';

export type { DomainEvent, Events } from './event-bus.ts';

export function defineEvent<Payload extends object>(name: string): DomainEvent<Payload> {
  return { name };
}

export type PayloadOf<Event> = Event extends DomainEvent<infer Payload> ? Payload : never;

/** Aborted at the handler's deadline, or when the process stops. */
type Handler<Payload> = (ctx: Ctx, payload: Payload, signal: AbortSignal) => Promise<void>;

export interface Subscription {
  readonly event: string;
  /**
   * Unique per event. It is stored in the rows, so it stays the same across releases. When a release removes a
   * subscription, a migration deletes its rows.
   */
  readonly subscriber: string;
  /** A handler that takes longer counts as failed. */
  readonly secondsMax: number;
  readonly handler: Handler<object>;
}

/** The deadline of a handler without one of its own. */
const handlerSecondsMax = 60;

/** A module on a higher floor listens to a lower one. Delivered at least once, so handlers are idempotent. */
export function subscribe<Payload extends object>(
  event: DomainEvent<Payload>,
  subscriber: string,
  handler: Handler<Payload>,
  { secondsMax = handlerSecondsMax }: { readonly secondsMax?: number } = {},
): Subscription {
  // Safe because only `publish` with the same event object writes rows of this event.
  return { event: event.name, subscriber, secondsMax, handler: handler as Handler<object> };
}

/** An event belongs to one organization and stays small: groups `items` by organization, at most `max` in a group. */
export function byOrganization<T>(
  items: readonly T[],
  organizationOf: (item: T) => string,
  max: number,
): { readonly organizationId: string; readonly items: readonly T[] }[] {
  return [...Map.groupBy(items, organizationOf)].flatMap(([organizationId, own]) =>
    Array.from({ length: Math.ceil(own.length / max) }, (_, part) => ({
      organizationId,
      items: own.slice(part * max, (part + 1) * max),
    })),
  );
}
