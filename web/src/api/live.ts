import type { QueryClient } from '@tanstack/react-query';
import { serverNow } from '../lib/clock';
import {
  attemptOf,
  backoffMs,
  type Connection,
  type ConnectionEvent,
  nextConnection,
  notConnected,
} from './connection';
import { readEventStream } from './event-stream';
import { changesMe, keys, resourcesOf } from './keys';
import { toApiError } from './problem';

/** The server says something every 15 s; two missed and a bit means that nobody is there. */
const silentMsMax = 40_000;
/** Changes are gathered this long before screens read again: a storm costs four reads a second, not hundreds. */
const refreshMsMin = 250;
/** A hidden page lets go of its connection: browsers allow six per server, and phones have batteries. */
const hiddenMsMax = 10_000;

export interface LiveConnection {
  subscribe(listener: () => void): () => void;
  current(): Connection;
  /** Ends the waiting and tries at once. */
  retry(): void;
  close(): void;
}

interface Options {
  org: string;
  queryClient: QueryClient;
  onUnauthenticated: () => void;
}

/** Reads again what the stream names, together and not too often. */
function createRefresher(org: string, queryClient: QueryClient) {
  let gathered: Set<string> | 'all' | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt = 0;

  function flush(): void {
    timer = undefined;
    lastAt = Date.now();
    const resources = gathered;
    gathered = undefined;
    if (resources === undefined) return;
    void queryClient.invalidateQueries({
      queryKey: keys.org(org),
      ...(resources === 'all'
        ? {}
        : {
            predicate: (query) => typeof query.queryKey[2] === 'string' && resources.has(query.queryKey[2]),
          }),
    });
  }

  return {
    refresh(topic: string): void {
      if (changesMe(topic)) void queryClient.invalidateQueries({ queryKey: keys.me() });
      const resources = resourcesOf(topic);
      if (resources === 'all' || gathered === 'all') gathered = 'all';
      else gathered = new Set([...(gathered ?? []), ...resources]);
      timer ??= setTimeout(flush, Math.max(0, refreshMsMin - (Date.now() - lastAt)));
    },
    stop: () => clearTimeout(timer),
  };
}

function topicOf(data: string): string {
  try {
    const change: unknown = JSON.parse(data);
    if (
      typeof change === 'object' &&
      change !== null &&
      'topic' in change &&
      typeof change.topic === 'string'
    ) {
      return change.topic;
    }
  } catch {
    // Not ours to understand: read everything again.
  }
  return 'resync';
}

/** Keeps one stream to the server for one organization, through breaks, sleep and hidden tabs. */
export function connectLive({ org, queryClient, onUnauthenticated }: Options): LiveConnection {
  const listeners = new Set<() => void>();
  const refresher = createRefresher(org, queryClient);
  let connection = notConnected;
  let everConnected = false;
  let abort = new AbortController();
  let wait: ReturnType<typeof setTimeout> | undefined;
  let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function move(event: ConnectionEvent): void {
    connection = nextConnection(connection, event);
    for (const listener of listeners) listener();
  }

  function signalled(): void {
    move({ kind: 'signal', at: serverNow() });
  }

  async function listen(signal: AbortSignal): Promise<number | undefined> {
    const response = await fetch(`/api/v1/${encodeURIComponent(org)}/stream`, {
      signal,
      headers: { accept: 'text/event-stream' },
    });
    if (!response.ok) {
      if (response.status === 401) onUnauthenticated();
      return toApiError(response, undefined).retryAfterSeconds;
    }
    signalled();
    // What changed while nobody listened was not announced.
    if (everConnected) refresher.refresh('resync');
    everConnected = true;
    await readEventStream(response, {
      silentMsMax,
      onSignal: signalled,
      onEvent: ({ event, data }) => {
        if (event === 'change') refresher.refresh(topicOf(data));
        else if (event !== 'hello') refresher.refresh('resync');
      },
    });
    return undefined;
  }

  async function run(): Promise<void> {
    clearTimeout(wait);
    abort.abort();
    abort = new AbortController();
    const { signal } = abort;
    move({ kind: 'opening' });
    const retryAfterSeconds = await listen(signal).catch(() => undefined);
    if (closed || signal.aborted) return;
    move({ kind: 'failed', at: serverNow() });
    wait = setTimeout(() => void run(), backoffMs(attemptOf(connection), Math.random(), retryAfterSeconds));
  }

  function onVisibility(): void {
    clearTimeout(hiddenTimer);
    if (document.visibilityState === 'hidden') {
      hiddenTimer = setTimeout(() => {
        clearTimeout(wait);
        abort.abort();
        move({ kind: 'paused' });
      }, hiddenMsMax);
    } else if (connection.state !== 'live') {
      void run();
    }
  }

  function onOnline(): void {
    if (connection.state !== 'live') void run();
  }

  /** A stream over a network that is gone ends only after minutes; trying anew tells at once. */
  function onOffline(): void {
    if (connection.state === 'live') void run();
  }

  document.addEventListener('visibilitychange', onVisibility);
  addEventListener('online', onOnline);
  addEventListener('offline', onOffline);
  // A handful of pages opened in the background would take all connections before any of them is looked at.
  if (document.visibilityState === 'visible') void run();
  else move({ kind: 'paused' });

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    current: () => connection,
    retry: () => void run(),
    close() {
      closed = true;
      abort.abort();
      clearTimeout(wait);
      clearTimeout(hiddenTimer);
      refresher.stop();
      document.removeEventListener('visibilitychange', onVisibility);
      removeEventListener('online', onOnline);
      removeEventListener('offline', onOffline);
    },
  };
}
