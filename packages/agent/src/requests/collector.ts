import { itemErrors } from '../item-errors.ts';
import { type Answer, createPost } from '../post.ts';
import { createLatency, type Latency } from './latency.ts';

export interface RequestOptions {
  /** Base URL of the Watchkeeper server. */
  readonly url: string | URL;
  /** An API key with `telemetry:write`. */
  readonly apiKey: string | undefined;
  /** The organization's slug. */
  readonly tenant: string;
  /** The source name of the measurements, for example the service's name. */
  readonly source: string;
  readonly site?: string;
  readonly log?: (message: string) => void;
  /** Default: one minute. */
  readonly everyMs?: number;
}

/** One answered request. `route` is the pattern (`/orders/:id`), never the real address. */
export interface Request {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

export interface Collector {
  add(request: Request): void;
  /** Sends the current minute, and then stops. */
  stop(): Promise<void>;
}

interface Route {
  requests: number;
  clientErrors: number;
  serverErrors: number;
  readonly latency: Latency;
}

interface Metric {
  metric_type: 'PERFORMANCE';
  metric_category: 'http';
  metric_name: string;
  value: number;
  unit: string;
  source: string;
  endpoint: string;
  site?: string;
  at: string;
}

/** Further routes count as `other`, so that real addresses reported as patterns cannot fill the memory. */
export const routesMax = 200;
const other = 'other';
const minuteMs = 60_000;
/** The server accepts 1,000 per body. */
const metricsPerBody = 1_000;
/** Minutes kept while the server is away. Beyond this, the oldest are dropped. */
const minutesKeptMax = 10;
const endpointLengthMax = 256;
/**
 * A shortest time for rates: otherwise a server that stops right after a request would report thousands of requests per
 * minute.
 */
const rateMsMin = 1_000;

/** Collects requests by route and sends the figures each minute. Never throws into the server that it watches. */
export function createCollector(options: RequestOptions): Collector {
  if (options.apiKey === undefined || options.apiKey === '')
    throw new Error('watchRequests needs apiKey: an API key of Watchkeeper with telemetry:write.');
  const post = createPost(new URL(options.url), options.apiKey);
  const log = options.log ?? (() => undefined);
  const everyMs = options.everyMs ?? minuteMs;
  let routes = new Map<string, Route>();
  let since = Date.now();
  let waiting: Metric[][] = [];
  let sending: Promise<void> | undefined;

  function routeOf(name: string): Route {
    const known = routes.get(name);
    if (known !== undefined) return known;
    if (routes.size >= routesMax && name !== other) return routeOf(other);
    const route = { requests: 0, clientErrors: 0, serverErrors: 0, latency: createLatency() };
    routes.set(name, route);
    return route;
  }

  function closeMinute(): void {
    const now = Date.now();
    const minutes = Math.max(rateMsMin, now - since) / minuteMs;
    const at = new Date(now).toISOString();
    for (const [endpoint, route] of routes) waiting.push(toMetrics(options, endpoint, route, minutes, at));
    routes = new Map();
    since = now;
    const most = minutesKeptMax * routesMax;
    if (waiting.length > most) waiting = waiting.slice(-most);
  }

  async function sendWaiting(): Promise<void> {
    while (waiting.length > 0) {
      const taken: Metric[][] = [];
      let size = 0;
      for (const group of waiting) {
        if (size + group.length > metricsPerBody) break;
        taken.push(group);
        size += group.length;
      }
      const answer = await post(`/api/v1/${encodeURIComponent(options.tenant)}/metrics`, taken.flat());
      if (isPassing(answer.status)) throw new Error(`the server answered ${answer.status}`);
      // Meanwhile the oldest may have been dropped.
      const sent = new Set(taken);
      waiting = waiting.filter((group) => !sent.has(group));
      const reason = refusal(answer);
      if (reason !== undefined) log(`request figures were refused: ${reason}`);
    }
  }

  function flush(): Promise<void> {
    sending ??= sendWaiting()
      .catch((error: unknown) =>
        log(`request figures wait: ${error instanceof Error ? error.message : error}`),
      )
      .finally(() => {
        sending = undefined;
      });
    return sending;
  }

  const timer = setInterval(() => {
    closeMinute();
    void flush();
  }, everyMs);
  timer.unref();

  return {
    add({ method, route, status, ms }) {
      const each = routeOf(`${method} ${route}`.slice(0, endpointLengthMax));
      each.requests += 1;
      if (status >= 500) each.serverErrors += 1;
      else if (status >= 400) each.clientErrors += 1;
      each.latency.add(ms);
    },
    async stop() {
      clearInterval(timer);
      closeMinute();
      await flush();
    },
  };
}

/** Worth another try. A wrong key or name must be corrected by a person; other failures pass. */
function isPassing(status: number): boolean {
  return status >= 500 || [401, 403, 404, 408, 429].includes(status);
}

/** The server refused the whole body, or some of its items, permanently. */
function refusal({ status, body }: Answer): string | undefined {
  if (status >= 300) return `${status} ${JSON.stringify(body ?? null).slice(0, refusalLengthMax)}`;
  const errors = itemErrors(body);
  const [first] = errors;
  return first === undefined ? undefined : `${errors.length} of them: ${first.message}`;
}
const refusalLengthMax = 300;

function toMetrics(
  { source, site }: RequestOptions,
  endpoint: string,
  route: Route,
  minutes: number,
  at: string,
): Metric[] {
  const share = (part: number) => (100 * part) / route.requests;
  const figures: [name: string, value: number, unit: string][] = [
    ['requests', route.requests / minutes, 'per minute'],
    ['client_errors', share(route.clientErrors), '%'],
    ['server_errors', share(route.serverErrors), '%'],
    ['latency_p50', route.latency.quantile(0.5), 'ms'],
    ['latency_p95', route.latency.quantile(0.95), 'ms'],
    ['latency_p99', route.latency.quantile(0.99), 'ms'],
    ['latency_max', route.latency.max, 'ms'],
  ];
  return figures.map(([metric_name, value, unit]) => ({
    metric_type: 'PERFORMANCE',
    metric_category: 'http',
    metric_name,
    value: Math.round(value * 100) / 100,
    unit,
    source,
    endpoint,
    ...(site === undefined ? {} : { site }),
    at,
  }));
}
