import type { QueryClient } from '@tanstack/react-query';
import { base, outer } from '../base';
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
import { createElection } from './leader';
import { createPlaces } from './places';
import { toApiError } from './problem';

/** The server sends something every 15 s; after two missed messages and a bit, the connection is dead. */
const silentMsMax = 40_000;
/** Pages that find the lead empty do not all take it in the same moment. */
const spreadMs = 5_000;
/** Changes are gathered this long before screens read again: a storm costs four reads a second, not hundreds. */
const refreshMsMin = 250;
/** A hidden page lets go of its connection: browsers allow six per server, and phones have batteries. */
const hiddenMsMax = 10_000;
/**
 * All streams are used by windows of other organizations: this window reads its data again this often
 * instead.
 */
const lookMs = 10_000;
/** A free place is given at once; a window that waits longer reads in the meantime. */
const placeMsMax = 250;

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

/** Messages of the page that holds the stream to the others. */
type Word =
  | { kind: 'state'; connection: Connection }
  | { kind: 'change'; topic: string }
  | { kind: 'unauthenticated' }
  | { kind: 'who'; retry: boolean };

/** How an attempt to hear the server ended; `againMs` when it heard something and looks again after that time. */
interface Heard {
  readonly retryAfterSeconds?: number | undefined;
  readonly againMs?: number;
}

/**
 * One stream to the server for one organization, through breaks, sleep and hidden tabs, for all pages of this
 * browser together: over HTTP/1.1 a server gets six connections, and seven open windows would leave none to load
 * anything with. The page that leads reads the stream and tells the others; when it goes, the next one leads at once.
 * Windows of many organizations share a few places: who leads without one looks every few seconds until it has one.
 */
export function connectLive({ org, queryClient, onUnauthenticated }: Options): LiveConnection {
  const name = `watchkeeper.live ${base}/${org}`;
  const listeners = new Set<() => void>();
  const refresher = createRefresher(org, queryClient);
  const election = createElection(name);
  const places = createPlaces(`watchkeeper.stream ${base}`);
  const channel = new BroadcastChannel(name);
  let connection = notConnected;
  let everConnected = false;
  let leads = false;
  let hasPlace = false;
  let abort = new AbortController();
  let wait: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function tell(word: Word): void {
    if (election.isShared) channel.postMessage(word);
  }

  function show(next: Connection): void {
    if (next.state === 'live') everConnected = true;
    connection = next;
    for (const listener of listeners) listener();
  }

  function move(event: ConnectionEvent): void {
    show(nextConnection(connection, event));
    if (leads) tell({ kind: 'state', connection });
  }

  function signalled(): void {
    move({ kind: 'signal', at: serverNow() });
  }

  function changed(topic: string): void {
    refresher.refresh(topic);
    tell({ kind: 'change', topic });
  }

  async function ask(path: string, accept: string, signal: AbortSignal): Promise<Response> {
    const response = await fetch(outer(path), { signal, headers: { accept } });
    if (response.status === 401) {
      onUnauthenticated();
      tell({ kind: 'unauthenticated' });
    }
    return response;
  }

  async function listen(signal: AbortSignal): Promise<Heard> {
    const missed = everConnected;
    const path = `/api/v1/${encodeURIComponent(org)}/stream`;
    const response = await ask(path, 'text/event-stream', signal);
    if (!response.ok) return toApiError(response, undefined);
    signalled();
    // Changes without a listener were not announced.
    if (missed) changed('resync');
    await readEventStream(response, {
      silentMsMax,
      onSignal: signalled,
      onEvent: ({ event, data }) => {
        if (event === 'change') changed(topicOf(data));
        else if (event !== 'hello') changed('resync');
      },
    });
    return {};
  }

  async function look(signal: AbortSignal): Promise<Heard> {
    const missed = everConnected;
    const response = await ask('/api/me', 'application/json', signal);
    await response.body?.cancel();
    if (!response.ok) return toApiError(response, undefined);
    signalled();
    if (missed) changed('resync');
    return { againMs: lookMs };
  }

  async function run(): Promise<void> {
    clearTimeout(wait);
    abort.abort();
    abort = new AbortController();
    const { signal } = abort;
    move({ kind: 'opening' });
    const heard: Heard = await (hasPlace ? listen(signal) : look(signal)).catch(() => ({}));
    if (closed || signal.aborted) return;
    if (heard.againMs === undefined) move({ kind: 'failed', at: serverNow() });
    const waitMs = heard.againMs ?? backoffMs(attemptOf(connection), Math.random(), heard.retryAfterSeconds);
    wait = setTimeout(() => void run(), waitMs);
  }

  function lead(): void {
    if (closed) return;
    leads = true;
    clearTimeout(silence);
    clearTimeout(wait);
    wait = setTimeout(() => void run(), placeMsMax);
    places.take(() => {
      hasPlace = true;
      void run();
    });
  }

  /** A page that leads and says nothing is frozen or gone astray: somebody else has to. */
  function awaitWord(): void {
    clearTimeout(silence);
    if (!leads && !closed)
      silence = setTimeout(() => election.seize(lead), silentMsMax + Math.random() * spreadMs);
  }

  function join(): void {
    move({ kind: 'opening' });
    election.stand(lead);
    tell({ kind: 'who', retry: false });
    awaitWord();
  }

  function leave(): void {
    clearTimeout(wait);
    clearTimeout(silence);
    leads = false;
    hasPlace = false;
    abort.abort();
    places.give();
    election.leave();
  }

  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    if (!election.isShared) return;
    if (data.kind === 'who') {
      if (!leads) return;
      if (data.retry && connection.state !== 'live') void run();
      else tell({ kind: 'state', connection });
      return;
    }
    if (connection.state === 'paused') return;
    // Two that lead for a moment, after one was thought to be frozen: the one that speaks now is the one.
    if (leads && data.kind === 'state' && data.connection.state === 'live') {
      leave();
      election.stand(lead);
    }
    if (leads) return;
    awaitWord();
    if (data.kind === 'state') show(data.connection);
    else if (data.kind === 'change') refresher.refresh(data.topic);
    else onUnauthenticated();
  };

  function onVisibility(): void {
    clearTimeout(hiddenTimer);
    if (document.visibilityState === 'hidden') {
      hiddenTimer = setTimeout(() => {
        leave();
        move({ kind: 'paused' });
      }, hiddenMsMax);
    } else if (connection.state === 'paused') {
      refreshMissed();
      join();
    } else if (connection.state !== 'live') retry();
  }

  /** A page that had no stream for a while reads its data again. */
  function refreshMissed(): void {
    if (everConnected) refresher.refresh('resync');
  }

  function retry(): void {
    if (leads) void run();
    else tell({ kind: 'who', retry: true });
  }

  function onOnline(): void {
    if (connection.state !== 'live') retry();
  }

  /** A stream over a network that is gone ends only after minutes; trying anew tells at once. */
  function onOffline(): void {
    if (leads && connection.state === 'live') void run();
  }

  document.addEventListener('visibilitychange', onVisibility);
  addEventListener('online', onOnline);
  addEventListener('offline', onOffline);
  // A handful of pages opened in the background would take all connections before any of them is looked at.
  if (document.visibilityState === 'visible') join();
  else move({ kind: 'paused' });

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    current: () => connection,
    retry,
    close() {
      closed = true;
      leave();
      channel.close();
      clearTimeout(hiddenTimer);
      refresher.stop();
      document.removeEventListener('visibilitychange', onVisibility);
      removeEventListener('online', onOnline);
      removeEventListener('offline', onOffline);
    },
  };
}
