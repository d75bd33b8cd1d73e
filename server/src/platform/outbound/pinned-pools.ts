import { buildConnector, type Dispatcher, Pool } from 'undici';
import { isConnectedTo, pinnedLookup, type VettedHost } from './host.ts';
import { OutboundRefused } from './outbound.ts';

/** Together these limit the sockets: at most 128 x 8 are open, and idle ones close after seconds. */
const POOLS_MAX = 128;
const CONNECTIONS_PER_POOL_MAX = 8;
const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_MS = 4_000;
/** A server's own keep-alive hint may lengthen the idle time up to here. */
const IDLE_HINT_MS_MAX = 10_000;
const RESPONSE_HEADERS_BYTES_MAX = 32 * 1024;
const TLS_SESSIONS_MAX = 2;

/**
 * Keep-alive connections, one pool per origin and set of vetted addresses. So a connection is reused only by a request
 * whose own vetting found the same addresses. The least recently used pool is closed first.
 */
export class PinnedPools {
  readonly #pools = new Map<string, Pool>();
  #disposed = false;

  get size(): number {
    return this.#pools.size;
  }

  for(origin: string, host: VettedHost): Dispatcher {
    if (this.#disposed) throw new Error('The outbound client is closed.');
    const addresses = host.addresses.map(({ address }) => address).sort();
    const key = `${origin} ${addresses.join(' ')}`;
    const pool = this.#pools.get(key) ?? createPool(origin, host);
    this.#pools.delete(key);
    this.#pools.set(key, pool);
    this.#evict();
    return pool;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #evict(): void {
    for (const [key, pool] of this.#pools) {
      if (this.#pools.size <= POOLS_MAX) return;
      this.#pools.delete(key);
      // Lets what is in flight finish; each request ends by its own deadline.
      void pool.close();
    }
  }
}

function createPool(origin: string, host: VettedHost): Pool {
  return new Pool(origin, {
    connect: createConnector(host),
    connections: CONNECTIONS_PER_POOL_MAX,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_HINT_MS_MAX,
    maxHeaderSize: RESPONSE_HEADERS_BYTES_MAX,
    // The request's deadline covers both, to the millisecond.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

function createConnector(host: VettedHost): buildConnector.connector {
  const connect = buildConnector({
    allowH2: false,
    timeout: CONNECT_TIMEOUT_MS,
    maxCachedSessions: TLS_SESSIONS_MAX,
    autoSelectFamily: true,
    lookup: pinnedLookup(host),
  });
  return (options, callback) => {
    connect(options, (...result) => {
      const [error, socket] = result;
      if (error === null && !isConnectedTo(socket, host)) {
        socket.destroy();
        callback(new OutboundRefused('The connection did not end at a vetted address.'), null);
        return;
      }
      callback(...result);
    });
  };
}
