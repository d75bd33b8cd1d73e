import { setTimeout as pause } from 'node:timers/promises';
import { type RawBuilder, sql } from 'kysely';
import type pg from 'pg';
import type { Database } from './db/database.ts';
import { type Live, type LiveChange, liveIdsMax } from './live.ts';
import type { Logger } from './log.ts';

const channel = 'watchkeeper_live';
const reconnectDelayMsMin = 250;
const reconnectDelayMsMax = 10_000;
/** A database that does not answer does not delay the stop for longer. */
const unlistenMsMax = 1_000;

type Listener = (change: LiveChange) => void;

/**
 * One LISTEN connection per process. After a loss it reconnects with growing delays, and subscribers receive `resync`.
 */
export function createLive(db: Database, log: Logger): Live & { start(): Promise<void> } & AsyncDisposable {
  const byOrganization = new Map<string | null, Set<Listener>>();
  let client: pg.Client | undefined;
  let stopped = false;
  let delayMs = reconnectDelayMsMin;
  let timer: NodeJS.Timeout | undefined;

  function deliver(change: LiveChange, keys: Iterable<string | null>): void {
    for (const key of keys) {
      for (const listener of byOrganization.get(key) ?? []) {
        try {
          listener(change);
        } catch (error) {
          log.error({ err: error }, 'a live listener failed');
        }
      }
    }
  }

  function onNotification(message: pg.Notification): void {
    const change = parseChange(message.payload);
    if (change !== undefined) deliver(change, [change.organizationId, null]);
  }

  function reconnectLater(): void {
    client = undefined;
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => void listen().then(resync, reconnectLater), delayMs);
    delayMs = Math.min(delayMs * 2, reconnectDelayMsMax);
  }

  function resync(): void {
    for (const key of [...byOrganization.keys()])
      deliver({ organizationId: key ?? '', topic: 'resync', ids: [] }, [key]);
  }

  async function listen(): Promise<void> {
    const next = await db.connect();
    next.on('notification', onNotification);
    try {
      await next.query(`listen ${channel}`);
    } catch (error) {
      // The caller retries. Other code must not hear of a connection that was cut before it was ready.
      next.end().catch(() => undefined);
      throw error;
    }
    let lost = false;
    const onLost = () => {
      if (lost) return;
      lost = true;
      if (!stopped) log.warn('the live connection was lost; it is opened again');
      reconnectLater();
    };
    next.on('error', onLost);
    next.on('end', onLost);
    client = next;
    delayMs = reconnectDelayMsMin;
    // The process was stopped while the connection was being opened.
    if (stopped) await next.end();
  }

  return {
    async publish(tx, change) {
      await sql`select ${liveNotice(change)}`.execute(tx);
    },
    subscribe(organizationId, onChange) {
      const listeners = byOrganization.get(organizationId) ?? new Set();
      listeners.add(onChange);
      byOrganization.set(organizationId, listeners);
      return () => {
        listeners.delete(onChange);
        if (listeners.size === 0) byOrganization.delete(organizationId);
      };
    },
    start: listen,
    async [Symbol.asyncDispose]() {
      stopped = true;
      clearTimeout(timer);
      if (client === undefined) return;
      // Behind a pooler the connection goes to the next client: nothing may still be on its way to this one.
      await Promise.race([
        client.query('unlisten *').catch(() => undefined),
        pause(unlistenMsMax, undefined, { ref: false }),
      ]);
      await client.end();
    },
  };
}

/**
 * Notifies the listeners of `change` when the transaction commits; to be added to a statement that does something else.
 */
export function liveNotice(change: LiveChange): RawBuilder<unknown> {
  const ids = change.ids.length > liveIdsMax ? [] : change.ids;
  const payload = JSON.stringify({ o: change.organizationId, t: change.topic, i: ids });
  return sql`pg_notify(${channel}, ${payload})`;
}

function parseChange(payload: string | undefined): LiveChange | undefined {
  if (payload === undefined) return undefined;
  try {
    const { o, t, i } = JSON.parse(payload);
    return typeof o === 'string' && typeof t === 'string' && Array.isArray(i)
      ? { organizationId: o, topic: t, ids: i.map(String) }
      : undefined;
  } catch {
    return undefined;
  }
}
