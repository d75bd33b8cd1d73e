import type { Tx } from './db/database.ts';
import type { Events } from './event-bus.ts';
import { insertEvents } from './event-store.ts';
import { newId } from './ids.ts';
import type { House } from './module.ts';
import { toJson } from './storable.ts';

/** Writes events for all subscribers in the house. */
export function createEvents(house: House): Events {
  const subscribers = new Map<string, string[]>();
  for (const { event, subscriber } of subscriptionsOf(house))
    subscribers.set(event, [...(subscribers.get(event) ?? []), subscriber]);

  async function publishAll(
    tx: Tx,
    { name: event }: { readonly name: string },
    payloads: readonly { readonly organizationId: string }[],
  ): Promise<void> {
    const own = subscribers.get(event) ?? [];
    const rows = payloads.flatMap((payload) => {
      const text = toJson(payload);
      const { organizationId } = payload;
      return own.map((subscriber) => ({ organizationId, id: newId(), event, subscriber, payload: text }));
    });
    if (rows.length > 0) await insertEvents(tx, rows);
  }

  return { publishAll, publish: (tx, event, payload) => publishAll(tx, event, [payload]) };
}

/** The most subscriptions that one house can have. More would be a mistake in a module. */
const subscriptionsMax = 200;

/** All subscriptions of the house. @throws when two have the same event and subscriber */
export function subscriptionsOf(house: House) {
  const found = house.flatMap((module) => module.subscriptions ?? []);
  const names = new Set(found.map(({ event, subscriber }) => `${event}.${subscriber}`));
  if (names.size < found.length) throw new Error('Two modules declare the same subscription.');
  if (found.length > subscriptionsMax) throw new Error(`More than ${subscriptionsMax} subscriptions.`);
  return found;
}
